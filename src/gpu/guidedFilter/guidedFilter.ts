import type { DotsGrid, Guide, GuidedFilterOptions, LinearModels } from '../../lib/edges/guidedFilter.ts';
import { createDispatcher } from '../dispatch.ts';
import { createGrowingBuffer } from '../growingBuffer.ts';
import { readBuffer } from '../readBuffer.ts';
import { upload } from '../upload.ts';
import { boxMeanKernel, modelsKernel, productsKernel, type FilterShape } from './kernels.ts';

/** The guided filter of `lib/edges/guidedFilter.ts` on the GPU. Calls must not overlap. */
export interface GpuGuidedFilter {
  filter(dots: DotsGrid, guide: Guide, options: GuidedFilterOptions): Promise<LinearModels>;
  destroy(): void;
}

/** Max bytes of each of the two buffers of planes. */
const MAX_PLANE_BYTES = 2 ** 26;

export async function createGpuGuidedFilter(device: GPUDevice): Promise<GpuGuidedFilter> {
  const any: FilterShape = { width: 1, height: 1, rows: 1, columns: 1, prototypes: 1, first: 0, count: 1 };
  const dispatcher = await createDispatcher(device, [
    { kernel: productsKernel(any, 1), operands: 3 },
    { kernel: boxMeanKernel(any, 1, 'rows', 1), operands: 2 },
    { kernel: modelsKernel(any, 1), operands: 2 },
  ]);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const [dotsBuffer, gray] = [createGrowingBuffer(device, usage, 1024), createGrowingBuffer(device, usage, 1024)];
  const readable = usage | GPUBufferUsage.COPY_SRC;
  const planes = [createGrowingBuffer(device, readable, 1024), createGrowingBuffer(device, readable, 1024)];

  /** Slopes and offsets of some prototypes. */
  const run = async (shape: FilterShape, options: GuidedFilterOptions, operands: readonly GPUBuffer[]) => {
    const { width, height, count } = shape;
    const bytes = (2 + 2 * count) * width * height * 4;
    const [one, other, ...inputs] = [...planes.map((buffer) => buffer.ensure(bytes)), ...operands].map((buffer) => ({
      buffer,
      offset: 0,
    }));
    const means = (axis: 'rows' | 'columns', of: number) => boxMeanKernel(shape, of, axis, options.radius);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    dispatcher.run(pass, [
      { kernel: productsKernel(shape, options.temperature), operands: [...inputs, one] },
      { kernel: means('rows', 2 + 2 * count), operands: [one, other] },
      { kernel: means('columns', 2 + 2 * count), operands: [other, one] },
      { kernel: modelsKernel(shape, options.epsilon), operands: [one, other] },
      { kernel: means('rows', 2 * count), operands: [other, one] },
      { kernel: means('columns', 2 * count), operands: [one, other] },
    ]);
    pass.end();
    device.queue.submit([encoder.finish()]);
    return readBuffer(device, other.buffer, 0, 2 * count * width * height);
  };
  return {
    filter: async ({ dots, rows, columns }, { gray: values, width, height }, options) => {
      const prototypes = dots.length / (rows * columns);
      const pixels = width * height;
      const atOnce = Math.max(1, Math.floor(MAX_PLANE_BYTES / (pixels * 4) / 2) - 1);
      const operands = [dotsBuffer.ensure(dots.byteLength), gray.ensure(values.byteLength)];
      upload(device, operands[0], 0, Float32Array.from(dots));
      upload(device, operands[1], 0, Float32Array.from(values));
      const models = { slopes: new Float32Array(prototypes * pixels), offsets: new Float32Array(prototypes * pixels) };
      for (let first = 0; first < prototypes; first += atOnce) {
        const count = Math.min(atOnce, prototypes - first);
        const all = await run({ width, height, rows, columns, prototypes, first, count }, options, operands);
        for (let k = 0; k < count; k++) {
          const at = 2 * k * pixels;
          models.slopes.set(all.subarray(at, at + pixels), (first + k) * pixels);
          models.offsets.set(all.subarray(at + pixels, at + 2 * pixels), (first + k) * pixels);
        }
      }
      return models;
    },
    destroy: () => [dispatcher, dotsBuffer, gray, ...planes].forEach((resource) => resource.destroy()),
  };
}
