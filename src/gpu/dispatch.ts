import { shaderOf, type Kernel } from './kernel.ts';
import { Pipelines, tableBytes } from './pipelines.ts';
import { createGrowingBuffer } from './growingBuffer.ts';
import { upload } from './upload.ts';

/** A part of a buffer, from `offset` on, counted in floats. */
export interface BufferPlace {
  readonly buffer: GPUBuffer;
  readonly offset: number;
}

/** A kernel and its operands, each in a buffer of its own. */
export interface KernelDispatch {
  readonly kernel: Kernel;
  readonly operands: readonly BufferPlace[];
}

interface Dispatcher {
  /** Writes the tables and encodes the dispatches that read them; submit those before the next call. */
  run(pass: GPUComputePassEncoder, dispatches: readonly KernelDispatch[]): void;
  destroy(): void;
}

/** Compiles kernels ahead: those that are run later differ from these in nothing but their numbers. */
export async function createDispatcher(
  device: GPUDevice,
  kernels: readonly { readonly kernel: Kernel; readonly operands: number }[],
): Promise<Dispatcher> {
  const pipelines = new Pipelines(device);
  const compiled = new Map<string, GPUComputePipeline>();
  await Promise.all(
    kernels.map(async ({ kernel, operands }) => {
      const code = codeOf(kernel, operands);
      compiled.set(code, await pipelines.get(code, operands, kernel.name));
    }),
  );
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const tables = createGrowingBuffer(device, usage, 1 << 14);

  return {
    run: (pass, dispatches) => {
      let bytes = 0;
      const placed = dispatches.map(({ kernel, operands }) => {
        const pipeline = compiled.get(codeOf(kernel, operands.length));
        if (!pipeline) throw new Error(`"${kernel.name}" was not compiled`);
        const numbers = kernel.table(operands.map(({ offset }) => offset));
        const table = { offset: bytes, size: tableBytes(numbers.length) };
        bytes += table.size;
        return {
          pipeline,
          numbers,
          table,
          workgroups: kernel.workgroups,
          buffers: operands.map(({ buffer }) => buffer),
        };
      });
      const words = new Uint32Array(bytes / 4);
      for (const { numbers, table } of placed) words.set(numbers, table.offset / 4);
      const buffer = tables.ensure(bytes);
      upload(device, buffer, 0, words);
      for (const { pipeline, table, workgroups, buffers } of placed) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, pipelines.bind({ buffer, ...table }, buffers));
        pass.dispatchWorkgroups(...workgroups);
      }
    },
    destroy: () => tables.destroy(),
  };
}

const codeOf = (kernel: Kernel, operands: number): string =>
  shaderOf(
    kernel,
    Array.from({ length: operands }, (_, page) => page),
  ).code;
