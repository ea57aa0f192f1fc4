import type { AdapterProfile } from '../../gpu/adapterProfile.ts';
import { completed } from '../../gpu/completion.ts';
import { upload } from '../../gpu/upload.ts';
import { defined } from '../../lib/defined.ts';
import { UserError } from '../../lib/errors.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { DeviceFill, HostTensors, Program } from '../ops.ts';
import { createCommands, encodeCommands, type GpuCommand, type CompilingHost, type Location } from './commands.ts';
import type { Value } from './graph.ts';
import { chooseMaterialized } from './materialize.ts';
import { planMemory, type MemoryReport } from './plan.ts';
import type { FusedTraits } from './schedule/kernelJobs.ts';
import { schedule } from './schedule/schedule.ts';

/** Values of a traced body. */
export interface Traced {
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly assigned: readonly Value[];
}

/** Resources of a program, for benchmarks and the check before a run. */
export interface ProgramReport extends MemoryReport {
  readonly dispatches: number;
  readonly submits: number;
  readonly gflop: number;
}

export interface Host extends CompilingHost, FusedTraits, Pick<AdapterProfile, 'maxSubmitFlop'> {
  /** Returns the memory of a variable. */
  locate(variable: Value): Location;
}

export interface CompiledProgram extends Program<string, string> {
  readonly report: ProgramReport;
  readonly commands: readonly GpuCommand[];
}

const OWNED = ['variable', 'assigned'];

/** Plans the dispatches of a trace and its memory. Throws `gpu/tensor-too-large` for a value that fits no page. */
export function planProgram(host: Pick<Host, 'device' | keyof FusedTraits>, traced: Traced) {
  const { limits } = host.device;
  const outputs = Object.values(traced.outputs);
  const materialization = chooseMaterialized(outputs, traced.assigned);
  const dispatches = schedule(materialization, traced.assigned, host);
  const constants = new Set<Value>();
  for (const { reads } of dispatches) {
    for (const value of reads) if (value.origin.kind === 'constant') constants.add(value);
  }
  const plan = planMemory(
    dispatches,
    [...constants],
    Object.values(traced.inputs),
    outputs.map((value) => defined(materialization.place(value), 'place of an output').base),
    (value) => OWNED.includes(value.origin.kind),
    Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / 4,
  );
  return { materialization, dispatches, constants, plan };
}

/** Plans, compiles and binds the dispatches of a trace. */
export async function createCompiledProgram(
  host: Host,
  traced: Traced,
  onProgress: (fraction: number) => void,
  onDispose: () => void,
): Promise<CompiledProgram> {
  const { device } = host;
  const { materialization, dispatches, constants, plan } = planProgram(host, traced);
  const pages = await createPages(device, plan.pages);
  const locate = (value: Value): Location => {
    const own = plan.offsets.get(value);
    return own ? { buffer: pages[own.page], offset: own.offset } : host.locate(value);
  };
  for (const value of constants) {
    const { buffer, offset } = locate(value);
    if (value.origin.kind === 'constant') {
      upload(device, buffer, 4 * offset, value.origin.data);
    }
  }
  const { commands, table } = await createCommands(host, dispatches, locate, onProgress);
  const batches = splitCommands(commands, host.maxSubmitFlop);
  const readback = createReadback(
    device,
    Object.entries(traced.outputs).map(([name, value]) => {
      const { base, start } = defined(materialization.place(value), 'place of an output');
      const { buffer, offset } = locate(base);
      return { name, buffer, offset: offset + start, size: sizeOf(value.shape) };
    }),
  );

  const run = async (inputs: Readonly<Record<string, Float32Array | DeviceFill>>): Promise<HostTensors<string>> => {
    const fills: ((pass: GPUComputePassEncoder) => void)[] = [];
    for (const [name, value] of Object.entries(traced.inputs)) {
      const data = inputs[name];
      if (typeof data === 'function') {
        fills.push((pass) => data(pass, locate(value)));
        continue;
      }
      if (data.length !== sizeOf(value.shape)) {
        throw new Error(`input "${name}" [${value.shape.join(', ')}] was given ${data.length} numbers`);
      }
      const { buffer, offset } = locate(value);
      upload(device, buffer, 4 * offset, data);
    }
    const encoded = batches.map((batch, index) => {
      const encoder = device.createCommandEncoder();
      encode(encoder, index === 0 ? fills : [], batch);
      if (index === batches.length - 1) readback.copy(encoder);
      return encoder.finish();
    });
    // After encoding, since a software adapter occupies the cores of this thread; one by one, so that none takes long.
    for (const commands of encoded) device.queue.submit([commands]);
    return readback.read();
  };
  return {
    run,
    commands,
    report: {
      ...plan.report,
      dispatches: commands.length,
      submits: batches.length,
      gflop: commands.reduce((total, { flop }) => total + flop, 0) / 1e9,
    },
    dispose: () => {
      for (const buffer of [...pages, table]) buffer.destroy();
      readback.dispose();
      onDispose();
    },
  };
}

/** Throws `gpu/out-of-memory` if the adapter has less than the plan needs. */
async function createPages(device: GPUDevice, floats: readonly number[]): Promise<GPUBuffer[]> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  device.pushErrorScope('out-of-memory');
  const pages = floats.map((size) => device.createBuffer({ size: 4 * size, usage }));
  if (await device.popErrorScope()) {
    for (const page of pages) page.destroy();
    const mebibytes = floats.reduce((total, size) => total + size, 0) / 2 ** 18;
    throw new UserError(
      'gpu/out-of-memory',
      `A step takes ${mebibytes.toFixed(0)} MiB, which the adapter doesn't have. Lower "Batch size" and raise "Accumulate", or lower "Crop size" or "Width".`,
    );
  }
  return pages;
}

function encode(
  encoder: GPUCommandEncoder,
  fills: readonly ((pass: GPUComputePassEncoder) => void)[],
  commands: readonly GpuCommand[],
): void {
  const pass = encoder.beginComputePass();
  for (const fill of fills) fill(pass);
  encodeCommands(pass, commands);
  pass.end();
}

/** Splits commands into submissions of about equal work. */
function splitCommands(commands: readonly GpuCommand[], maxFlop: number): (readonly GpuCommand[])[] {
  const total = commands.reduce((sum, { flop }) => sum + flop, 0);
  const flopPerBatch = total / Math.max(1, Math.ceil(total / maxFlop));
  const batches: GpuCommand[][] = [[]];
  let flop = 0;
  for (const command of commands) {
    if (flop + command.flop / 2 > flopPerBatch * batches.length) batches.push([]);
    batches[batches.length - 1].push(command);
    flop += command.flop;
  }
  return batches;
}

interface OutputRange {
  readonly name: string;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/**
 * Copies outputs to a buffer that the host can map. Buffers are reused, and a run doesn't wait for the one before it.
 */
function createReadback(device: GPUDevice, ranges: readonly OutputRange[]) {
  const bytes = 4 * ranges.reduce((total, { size }) => total + size, 0);
  const all: GPUBuffer[] = [];
  const free: GPUBuffer[] = [];
  const filled: GPUBuffer[] = [];
  return {
    copy: (encoder: GPUCommandEncoder): void => {
      let target = free.pop();
      if (!target) {
        const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
        target = device.createBuffer({ size: Math.max(4, bytes), usage });
        all.push(target);
      }
      let at = 0;
      for (const { buffer, offset, size } of ranges) {
        encoder.copyBufferToBuffer(buffer, 4 * offset, target, at, 4 * size);
        at += 4 * size;
      }
      filled.push(target);
    },
    /** Reads the earliest unread copy. */
    read: async (): Promise<HostTensors<string>> => {
      const source = defined(filled.shift(), 'copy to read');
      await completed(device, source.mapAsync(GPUMapMode.READ));
      const values = new Float32Array(source.getMappedRange()).slice();
      source.unmap();
      free.push(source);
      let at = 0;
      return Object.fromEntries(
        ranges.map(({ name, size }) => {
          at += size;
          return [name, values.subarray(at - size, at)];
        }),
      );
    },
    dispose: (): void => all.forEach((buffer) => buffer.destroy()),
  };
}
