import { nextTask } from '../lib/async/nextTask.ts';
import { defined } from '../lib/defined.ts';
import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/engine.ts';
import { TensorTooLargeError, type ProgramPlan } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';
import type { BatchSize } from './batch.ts';
import { traceableStep, type TraceableStep } from './traceableStep.ts';

/** What a step takes. */
export interface StepPlan extends ProgramPlan {
  /** Shapes of the variables besides those of the model, which are created after those. */
  readonly variables: readonly (readonly number[])[];
}

/**
 * What a step takes besides the model, which may be a sketch; undefined for an engine that doesn't plan. Throws as creating
 * does. Other work of this thread goes on between the trials for the largest batch, until `signal` ends them.
 */
export async function planStep(
  engine: Engine,
  model: Model,
  size: BatchSize,
  signal?: AbortSignal,
): Promise<StepPlan | undefined> {
  if (!engine.sketch('', [])) return undefined;
  const sketch = (name: string, shape: readonly number[]) => defined(engine.sketch(name, shape), 'sketch');
  return planTraced(engine, traceableStep(engine, model, size, sketch), size, signal);
}

export async function planTraced(
  engine: Engine,
  traced: TraceableStep,
  { count, height, width }: BatchSize,
  signal?: AbortSignal,
): Promise<StepPlan | undefined> {
  const fits = async (images: number): Promise<boolean> => {
    await nextTask();
    signal?.throwIfAborted();
    try {
      planPrograms(engine, traced, images);
      return true;
    } catch (error) {
      if (error instanceof TensorTooLargeError) return false;
      throw error;
    }
  };
  try {
    return planPrograms(engine, traced, count);
  } catch (error) {
    if (!(error instanceof TensorTooLargeError)) throw error;
    // What grows with the batch grows in proportion.
    const guess = Math.floor(count / error.factor);
    throw tooLarge(count, height, width, await largestThat(fits, count, guess));
  }
}

/** Programs don't share memory: the sum of all. */
function planPrograms(
  engine: Engine,
  { pieces, batch, update, sums }: TraceableStep,
  images: number,
): StepPlan | undefined {
  const plans = [batch, ...(update ? [update] : [])].map(({ shapesOf, body }) => engine.plan(shapesOf(images), body));
  const [first, last] = plans;
  if (!first) return undefined;
  return {
    bytes: first.bytes + (last?.bytes ?? 0),
    dispatches: pieces * first.dispatches + (last?.dispatches ?? 0),
    variables: sums.map(({ shape }) => shape),
  };
}

/** Largest number below `limit` that passes, 0 if none does; found soonest if it is the guess. */
async function largestThat(
  passes: (number: number) => Promise<boolean>,
  limit: number,
  guess: number,
): Promise<number> {
  let [good, bad] = [0, limit];
  const tries = [guess, guess + 1];
  while (bad - good > 1) {
    const next = tries.shift() ?? 0;
    const tried = next > good && next < bad ? next : Math.floor((good + bad) / 2);
    if (await passes(tried)) good = tried;
    else bad = tried;
  }
  return good;
}

function tooLarge(count: number, height: number, width: number, largest: number): UserError {
  const remedy =
    largest > 0
      ? `The largest that fits is ${largest}. "Accumulate" adds up the gradients of several.`
      : 'Lower "Crop size", "Width" or "Hidden width".';
  return new UserError(
    'gpu/batch-too-large',
    `A batch of ${count} images at ${height}×${width} pixels is more than this adapter can bind at once. ${remedy}`,
  );
}
