import type { AdapterProfile } from '../../gpu/adapterProfile.ts';
import { completed } from '../../gpu/completion.ts';
import { shaderOf, type Kernel } from '../../gpu/kernel.ts';
import { tableBytes, type Pipelines } from '../../gpu/pipelines.ts';
import { upload } from '../../gpu/upload.ts';
import { defined } from '../../lib/defined.ts';
import type { Value } from './graph.ts';
import type { Dispatch } from './schedule/schedule.ts';

/** A dispatch with everything the device needs to run it. */
export interface GpuCommand {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  readonly flop: number;
  readonly name: string;
}

export interface Location {
  readonly buffer: GPUBuffer;
  /** In floats. */
  readonly offset: number;
}

export function encodeCommands(pass: GPUComputePassEncoder, commands: readonly GpuCommand[]): void {
  let current: GPUComputePipeline | undefined;
  for (const { pipeline, bindings, workgroups } of commands) {
    if (pipeline !== current) pass.setPipeline(pipeline);
    current = pipeline;
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(...workgroups);
  }
}

/** A kernel ready to be compiled. */
interface Prepared {
  readonly kernel: Kernel;
  readonly code: string;
  /** Buffers of its operands, in the order of the shader's arrays. */
  readonly buffers: readonly GPUBuffer[];
  readonly numbers: Uint32Array<ArrayBuffer>;
}

/**
 * Compiles the dispatches of a program and binds their memory. `table` holds their numbers and is freed by the caller.
 */
export async function createCommands(
  host: CompilingHost,
  dispatches: readonly Dispatch[],
  locate: (value: Value) => Location,
  onProgress: (fraction: number) => void,
): Promise<{ commands: readonly GpuCommand[]; table: GPUBuffer }> {
  const { device, pipelines } = host;
  const prepared = prepare(dispatches, locate);
  const sizes = prepared.map(({ numbers }) => tableBytes(numbers.length));
  const table = device.createBuffer({
    size: sizes.reduce((total, size) => total + size, 0),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  let offset = 0;
  const bound = prepared.map((one, index): Bound => {
    upload(device, table, offset, one.numbers);
    const bindings = pipelines.bind({ buffer: table, offset, size: sizes[index] }, one.buffers);
    offset += sizes[index];
    return { ...one, bindings };
  });
  const compiled = await compile(host, bound, onProgress);
  const commands = bound.map(({ kernel: { name, workgroups, flop }, code, bindings }): GpuCommand => {
    return { name, workgroups, flop, bindings, pipeline: defined(compiled.get(code), 'pipeline') };
  });
  return { commands, table };
}

interface Bound extends Prepared {
  readonly bindings: GPUBindGroup;
}

export interface CompilingHost extends Pick<AdapterProfile, 'compilesLate'> {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
}

function prepare(dispatches: readonly Dispatch[], locate: (value: Value) => Location): Prepared[] {
  const known: GPUBuffer[] = [];
  const pageOf = (value: Value): number => {
    const { buffer } = locate(value);
    return known.includes(buffer) ? known.indexOf(buffer) : known.push(buffer) - 1;
  };
  const placed = dispatches.flatMap((dispatch) => dispatch.place(pageOf));
  return placed.map(({ kernel, operands }) => {
    const operandPages = operands.map(({ base }) => pageOf(base));
    const { code, pages } = shaderOf(kernel, operandPages);
    const offsets = operands.map(({ base, start }) => locate(base).offset + start);
    return {
      kernel,
      code,
      buffers: pages.map((page) => known[page]),
      numbers: Uint32Array.from(kernel.table(offsets)),
    };
  });
}

/** Compiles all shaders at once: drivers compile in parallel. */
async function compile(
  { device, pipelines, compilesLate }: CompilingHost,
  bound: readonly Bound[],
  onProgress: (fraction: number) => void,
): Promise<ReadonlyMap<string, GPUComputePipeline>> {
  const compiled = new Map<string, GPUComputePipeline>();
  const distinct = new Map(bound.map((one) => [one.code, one]));
  const none = device.createBuffer({ size: 12, usage: GPUBufferUsage.INDIRECT });
  const jobs = [...distinct.values()].map(async ({ kernel, code, buffers, bindings }) => {
    const pipeline = await pipelines.get(code, buffers.length, kernel.name);
    if (compilesLate) await runEmpty(device, pipeline, bindings, none);
    compiled.set(code, pipeline);
    onProgress(compiled.size / distinct.size);
  });
  await Promise.all(jobs).finally(() => none.destroy());
  return compiled;
}

/** Dispatches a pipeline for no workgroups, so that the driver compiles it now and not within the first run. */
async function runEmpty(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: GPUBindGroup,
  none: GPUBuffer,
): Promise<void> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  // Zeros in a buffer, since browsers warn about a count of 0.
  pass.dispatchWorkgroupsIndirect(none, 0);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await completed(device, device.queue.onSubmittedWorkDone());
}
