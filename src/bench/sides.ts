import * as tf from '@tensorflow/tfjs';
import { encodeCommands, type GpuCommand } from '../ops/compiled/commands.ts';
import type { CompiledProgram } from '../ops/compiled/compiledProgram.ts';
import type { Program } from '../ops/ops.ts';
import type { Contender } from './race.ts';

/** One pass of a layer on one side. */
export interface PassSide {
  readonly contender: Contender;
  /** The result, in the side's own layout. */
  values(): Promise<Float32Array>;
  dispose(): void;
}

/** Replays the commands of a compiled program without its uploads and its read-back. */
export function replay(device: GPUDevice, program: Program<never, string>): Contender {
  return replayCommands(device, (program as unknown as CompiledProgram).commands);
}

export function replayCommands(device: GPUDevice, commands: readonly GpuCommand[]): Contender {
  return async (times) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let turn = 0; turn < times; turn++) encodeCommands(pass, commands);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
}

/** Runs `body` on tfjs until the device is done; its tensors are freed. */
export function onTfjs(device: GPUDevice, body: () => void): Contender {
  return async (times) => {
    for (let turn = 0; turn < times; turn++) tf.tidy(body);
    flush();
    await device.queue.onSubmittedWorkDone();
  };
}

interface Submitting {
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** tfjs submits every 15 dispatches; this submits the rest. */
function flush(): void {
  const backend = tf.backend() as unknown as Submitting;
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/**
 * Compares sum and sum of squares, which are the same for equal numbers in any layout. Throws an Error if they differ by
 * more than rounding.
 */
export function checkSameNumbers(name: string, ours: Float32Array, theirs: Float32Array): void {
  const [a, b] = [ours, theirs].map((values) => {
    let [sum, squares] = [0, 0];
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    return { sum, squares, count: values.length };
  });
  const norm = Math.sqrt(a.squares * a.count);
  const same =
    a.count === b.count &&
    Math.abs(a.squares - b.squares) <= 1e-3 * a.squares &&
    Math.abs(a.sum - b.sum) <= 1e-3 * norm;
  if (!same)
    throw new Error(`${name} has other results: sums ${a.sum} and ${b.sum}, squares ${a.squares} and ${b.squares}`);
}
