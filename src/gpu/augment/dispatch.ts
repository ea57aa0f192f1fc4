import { BLUR_KERNEL } from './blur.ts';
import { COLOR_KERNEL, HUE_KERNEL, MEANS_KERNEL } from './color.ts';
import { type AugmentKernel, augmentShader, DISPATCH_FIELDS, type DispatchFields } from './kernel.ts';
import { NORMALIZE_KERNEL } from './normalize.ts';
import { COLUMNS_KERNEL, ROWS_KERNEL } from './resize.ts';

const KERNELS = {
  rows: ROWS_KERNEL,
  columns: COLUMNS_KERNEL,
  means: MEANS_KERNEL,
  color: COLOR_KERNEL,
  hue: HUE_KERNEL,
  blur: BLUR_KERNEL,
  normalize: NORMALIZE_KERNEL,
} as const;
export type KernelName = keyof typeof KERNELS;

/** One dispatch of a kernel over the views of a list. */
export interface AugmentDispatch {
  readonly kernel: KernelName;
  /** For the kernel's bindings from 2 on. */
  readonly buffers: readonly GPUBufferBinding[];
  readonly fields: DispatchFields;
  /** Work items along x and y. */
  readonly items: readonly [number, number];
  readonly views: number;
}

/** The compiled kernels and the buffer with a batch's plan. */
export interface Dispatcher {
  /** Writes the plan and encodes the dispatches that read it. */
  run(pass: GPUComputePassEncoder, dispatches: readonly AugmentDispatch[], plan: Uint32Array): void;
  destroy(): void;
}

/** A buffer that is replaced when it gets too small; its content is lost then. */
export interface GrowingBuffer {
  /** At least `bytes` long. */
  ensure(bytes: number): GPUBuffer;
  destroy(): void;
}

export function createGrowingBuffer(device: GPUDevice, usage: GPUBufferUsageFlags, firstBytes: number): GrowingBuffer {
  let buffer = device.createBuffer({ size: firstBytes, usage });
  return {
    ensure: (bytes) => {
      if (bytes > buffer.size) {
        // Twice as large saves replacing it often, but may be more than there is.
        const size = Math.max(bytes, Math.min(2 * buffer.size, device.limits.maxStorageBufferBindingSize));
        buffer.destroy();
        buffer = device.createBuffer({ size, usage });
      }
      return buffer;
    },
    destroy: () => buffer.destroy(),
  };
}

export async function createDispatcher(device: GPUDevice): Promise<Dispatcher> {
  const names = Object.keys(KERNELS) as KernelName[];
  const built = await Promise.all(names.map((name) => buildPipeline(device, KERNELS[name])));
  const pipelines = Object.fromEntries(names.map((name, at) => [name, built[at]])) as Record<KernelName, Pipeline>;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const plan = createGrowingBuffer(device, usage, 1 << 14);
  // Every dispatch has a slot of its own in front of the records, chosen by a dynamic offset.
  const { minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment } = device.limits;
  const slotBytes = Math.max(minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment);

  return {
    run: (pass, dispatches, records) => {
      const slotWords = slotBytes / 4;
      const recordsAt = dispatches.length * slotWords;
      const words = new Uint32Array(recordsAt + records.length);
      dispatches.forEach(({ fields }, slot) =>
        DISPATCH_FIELDS.forEach((name, field) => (words[slot * slotWords + field] = fields[name] ?? 0)),
      );
      words.set(records, recordsAt);
      const buffer = plan.ensure(words.byteLength);
      device.queue.writeBuffer(buffer, 0, words);
      const shared = [
        { buffer, size: DISPATCH_FIELDS.length * 4 },
        { buffer, offset: recordsAt * 4, size: records.byteLength },
      ];
      dispatches.forEach((dispatch, slot) => {
        const { pipeline, layout } = pipelines[dispatch.kernel];
        const resources = [...shared, ...dispatch.buffers];
        const entries = resources.map((resource, binding) => ({ binding, resource }));
        const [x, y] = KERNELS[dispatch.kernel].workgroup;
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, device.createBindGroup({ layout, entries }), [slot * slotBytes]);
        pass.dispatchWorkgroups(Math.ceil(dispatch.items[0] / x), Math.ceil(dispatch.items[1] / y), dispatch.views);
      });
    },
    destroy: () => plan.destroy(),
  };
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

async function buildPipeline(device: GPUDevice, kernel: AugmentKernel): Promise<Pipeline> {
  const visibility = GPUShaderStage.COMPUTE;
  const types = ['read', ...kernel.bindings].map((access) => (access === 'read' ? 'read-only-storage' : 'storage'));
  const layout = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ...types.map((type, at) => ({ binding: at + 1, visibility, buffer: { type: type as GPUBufferBindingType } })),
    ],
  });
  const pipeline = await device.createComputePipelineAsync({
    label: kernel.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: kernel.name, code: augmentShader(kernel) }) },
  });
  return { pipeline, layout };
}
