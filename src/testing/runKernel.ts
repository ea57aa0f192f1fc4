import { REGISTER, subgroupStrategy, WORKGROUP, type GemmStrategy } from '../gpu/kernels/gemmCode.ts';
import { shaderOf, type Kernel } from '../gpu/kernel.ts';
import { Pipelines, tableBytes } from '../gpu/pipelines.ts';
import { readBuffer } from '../gpu/readBuffer.ts';
import { testAdapter, testDevice } from './gpu.ts';

/** Alignment of operands in floats: storage buffers are bound at multiples of 256 bytes. */
const ALIGNMENT = 64;

/** Cached: CPU adapters take a second to compile a kernel. */
let pipelines: Pipelines | undefined;

/** Of half the rows of what GPUs get: CPU adapters compile those tiles in half the time. */
const SMALL_WORKGROUP: GemmStrategy = { ...WORKGROUP, rows: WORKGROUP.rows / 2 };

/** Strategies of matrix products that the adapter supports; without an adapter those that all support, for tests that are skipped. */
export function gemmStrategies(): GemmStrategy[] {
  const { device } = testAdapter;
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = device?.adapterInfo ?? {};
  const fixed =
    device?.features.has('subgroups') === true && subgroupMinSize === subgroupMaxSize && subgroupMaxSize <= 8;
  return [...(fixed ? [subgroupStrategy(subgroupMaxSize)] : []), REGISTER, SMALL_WORKGROUP];
}

/**
 * Runs a kernel once and returns all operands afterwards. `pages[i]` is the number of the buffer of operand i; by default all
 * are in one. Memory between the operands is NaN, to reveal reads out of bounds. Throws any GPU error.
 */
export async function runKernel(
  kernel: Kernel,
  operands: readonly Float32Array[],
  pages: readonly number[] = operands.map(() => 0),
): Promise<Float32Array<ArrayBuffer>[]> {
  const device = testDevice();
  device.pushErrorScope('internal');
  device.pushErrorScope('validation');
  const results = await dispatch(device, kernel, operands, pages);
  for (const error of [await device.popErrorScope(), await device.popErrorScope()]) {
    if (error) throw new Error(error.message);
  }
  return results;
}

async function dispatch(
  device: GPUDevice,
  kernel: Kernel,
  operands: readonly Float32Array[],
  operandPages: readonly number[],
): Promise<Float32Array<ArrayBuffer>[]> {
  const { code, pages } = shaderOf(kernel, operandPages);
  const sizes = pages.map(() => 0);
  const offsets = operands.map(({ length }, index) => {
    const page = pages.indexOf(operandPages[index]);
    // A gap in front of each: no operand begins at 0.
    const offset = sizes[page] + ALIGNMENT;
    sizes[page] = offset + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return offset;
  });
  const memory = sizes.map((size) => new Float32Array(size).fill(NaN));
  operands.forEach((operand, index) => memory[pages.indexOf(operandPages[index])].set(operand, offsets[index]));
  const words = kernel.table(offsets);
  const numbers = new Uint32Array(tableBytes(words.length) / 4);
  numbers.set(words);
  const table = upload(device, numbers, GPUBufferUsage.UNIFORM);
  const buffers = memory.map((data) => upload(device, data));
  pipelines ??= new Pipelines(device);
  const pipeline = await pipelines.get(code, pages.length, kernel.name);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, pipelines.bind({ buffer: table, offset: 0, size: numbers.byteLength }, buffers));
  pass.dispatchWorkgroups(...kernel.workgroups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const after = await Promise.all(buffers.map((buffer) => readBuffer(device, buffer)));
  for (const buffer of [table, ...buffers]) buffer.destroy();
  return operands.map(({ length }, index) =>
    after[pages.indexOf(operandPages[index])].slice(offsets[index], offsets[index] + length),
  );
}

function upload(device: GPUDevice, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, extra = 0): GPUBuffer {
  const usage = extra | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ size: data.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
