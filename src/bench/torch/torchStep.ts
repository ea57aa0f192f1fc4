import { writeSafetensors } from '../../checkpoint/safetensors/writeSafetensors.ts';
import type { StoredTensor } from '../../checkpoint/safetensors/storedTensor.ts';
import { stateDict } from '../../checkpoint/stateDict.ts';
import { defined } from '../../lib/defined.ts';
import type { Engine } from '../../ops/engine.ts';
import type { StepRates } from '../../signals/metrics.ts';
import type { Model } from '../../slotcon/model.ts';
import type { Batch } from '../../trainer/batch.ts';
import type { OurStep } from '../ourStep.ts';

/** A model in PyTorch that is trained on one batch again and again. */
export interface TorchStep {
  /** E.g. "PyTorch 2.9.0, CPU, 8 threads". */
  readonly name: string;
  /** Trains `count` steps; returns the loss of each. */
  train(count: number, rates: StepRates): Promise<readonly number[]>;
  dispose(): Promise<void>;
}

/** Starts PyTorch with a file of `torchProblem`. */
export type OpenTorch = (problem: Uint8Array) => Promise<TorchStep>;

/** Looks for PyTorch on this machine; returns undefined where there is none. */
export type FindTorch = () => OpenTorch | undefined;

/** State, batch and settings of a step, as step.py reads them. */
async function torchProblem(
  engine: Engine,
  model: Model,
  { count, height, width, images, alignment }: Batch,
): Promise<Uint8Array> {
  if (!(images instanceof Float32Array)) throw new Error('the images of this batch are not on the host');
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const floats = (shape: readonly number[], data: Float32Array): StoredTensor => ({ dtype: 'F32', shape, data });
  const tensors = await stateDict(engine, model);
  tensors.set('images', floats([2 * count, height, width, 3], images));
  tensors.set('alignmentRows', floats([2 * count, h, h], alignment.rows));
  tensors.set('alignmentColumns', floats([2 * count, w, w], alignment.columns));
  return writeSafetensors(tensors, { config: JSON.stringify(model.config) });
}

/** Steps that both sides train before they are timed. The losses of all but the first depend on the updates. */
const COMPARED_STEPS = 3;

/** Opens PyTorch with the state of our side. Throws an Error unless both go on with the same losses. */
export async function openSameStep(open: OpenTorch, { engine, model, batch, program }: OurStep): Promise<TorchStep> {
  // The highest rate of a run, so that the updates show.
  const { baseLearningRate: lr, teacherMomentum } = model.config;
  const torch = await open(await torchProblem(engine, model, batch));
  try {
    const ours: number[] = [];
    for (let step = 0; step < COMPARED_STEPS; step++) {
      const { scalars } = await program.run(batch, { step, lr, teacherMomentum });
      ours.push(defined(scalars.get('loss'), 'loss')[0]);
    }
    checkSameLosses(torch.name, ours, await torch.train(COMPARED_STEPS, { lr, teacherMomentum }));
    return torch;
  } catch (error) {
    await torch.dispose();
    throw error;
  }
}

/** Throws an Error with the numbers if losses differ by more than 1e-3 of their size. */
export function checkSameLosses(name: string, ours: readonly number[], theirs: readonly number[]): void {
  const same =
    ours.length === theirs.length && ours.every((loss, step) => Math.abs(loss - theirs[step]) <= 1e-3 * Math.abs(loss));
  if (!same) throw new Error(`${name} has other losses: ${theirs.join(', ')} instead of ${ours.join(', ')}`);
}
