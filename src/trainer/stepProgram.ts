import type { TwoCrops } from '../domain/images.ts';
import { nextTask } from '../lib/async/nextTask.ts';
import { UserError } from '../lib/errors.ts';
import { mapValues } from '../lib/mapValues.ts';
import type { Engine } from '../ops/engine.ts';
import { TensorTooLargeError, type DeviceFill, type ProgramPlan } from '../ops/ops.ts';
import { alignmentWeights, type AxisWeights } from '../slotcon/invaug.ts';
import type { Tensor } from '../ops/tensor.ts';
import type { StepRates } from '../signals/metrics.ts';
import { optimizerScalars } from '../slotcon/encoderRate.ts';
import type { Model } from '../slotcon/model.ts';
import { PREFIX } from '../slotcon/networks.ts';
import { trainingStep, type StepInputs, type StepPasses, type StepResult } from '../slotcon/step.ts';
import { normalizePixels } from '../data/normalize.ts';
import { packMetrics, unpackMetrics, type ScalarCounts, type StepMetrics } from './stepMetrics.ts';

/** B images of H×W pixels. */
export interface BatchSize {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** A batch: B images · two views, view 1 of all images first · h×w cells. */
export interface Batch extends BatchSize {
  /** Normalized: [2B,H,W,3] */
  readonly images: Float32Array | DeviceFill;
  /** [2B,h,h], [2B,w,w] */
  readonly alignment: AxisWeights<Float32Array>;
}

/** Assembles a batch from views; crops are height × width × 3. */
export function assembleBatch(model: Model, samples: readonly TwoCrops[], height: number, width: number): Batch {
  const pixels = height * width * 3;
  const images = new Float32Array(2 * samples.length * pixels);
  for (const view of [0, 1] as const) {
    samples.forEach(({ crops }, index) => {
      const row = view * samples.length + index;
      normalizePixels(crops[view], images.subarray(row * pixels, (row + 1) * pixels));
    });
  }
  const size = { count: samples.length, height, width };
  return { ...size, images, alignment: alignmentOf(model, samples, size) };
}

/** Inverse augmentation of each view: [2B,h,h], [2B,w,w] */
export function alignmentOf(
  model: Model,
  places: readonly Pick<TwoCrops, 'coords' | 'flips'>[],
  { height, width }: BatchSize,
): AxisWeights<Float32Array> {
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const rows = new Float32Array(2 * places.length * h * h);
  const columns = new Float32Array(2 * places.length * w * w);
  for (const view of [0, 1] as const) {
    places.forEach(({ coords, flips }, index) => {
      const own = alignmentWeights(coords[view], flips[view], h, w);
      const row = view * places.length + index;
      rows.set(own.rows, row * h * h);
      columns.set(own.columns, row * w * w);
    });
  }
  return { rows, columns };
}

/** Extra outputs of a step, for parity tests: intermediates by name, and tensors to return gradients of. */
export interface StepProbe {
  watch?(passes: StepPasses): Readonly<Record<string, Tensor>>;
  outputs(result: StepResult): Readonly<Record<string, Tensor>>;
}

export interface StepRun extends StepMetrics {
  /** Outputs of the probe, by name. */
  readonly probed: Readonly<Record<string, Float32Array>>;
}

/** Training step of a model for batches of one size. Runs may overlap where the engine queues them. */
export interface StepProgram {
  /** Trains one step, which `countBatches` counts. `step` counts from 0. */
  run(batch: Batch, rates: StepRates & { readonly step: number }): Promise<StepRun>;
  /** Frees the program, not the model. */
  dispose(): void;
}

/** `onProgress` is called with the compiled fraction, from 0 to 1. */
export async function createStepProgram(
  engine: Engine,
  model: Model,
  size: BatchSize,
  probe?: StepProbe,
  onProgress?: (fraction: number) => void,
): Promise<StepProgram> {
  const { config } = model;
  const { count } = size;
  const traced = traceable(engine, model, size, probe);
  const program = await engine
    .program(traced.shapesOf(count), traced.body, onProgress)
    .catch(async (error: unknown) => {
      // Something else than the size may have failed, in which case planning goes well.
      await planned(engine, traced, size);
      throw error;
    });
  return {
    run: async ({ images, alignment }, { step, lr, teacherMomentum }) => {
      const scalars = mapValues({ ...optimizerScalars(config, step, lr), teacherMomentum }, (value) =>
        Float32Array.of(value),
      );
      const { [METRICS_OUTPUT]: packed, ...probed } = await program.run({
        ...scalars,
        images,
        alignmentRows: alignment.rows,
        alignmentColumns: alignment.columns,
      });
      return { ...unpackMetrics(packed, traced.counts()), probed };
    },
    dispose: () => program.dispose(),
  };
}

/**
 * What a step takes besides the model, which may be a sketch; undefined for an engine that doesn't plan. Throws as creating
 * does. Other work of this thread goes on between the trials for the largest batch, until `signal` ends them.
 */
export function planStep(
  engine: Engine,
  model: Model,
  size: BatchSize,
  signal?: AbortSignal,
): Promise<ProgramPlan | undefined> {
  return planned(engine, traceable(engine, model, size), size, signal);
}

/** A step as an engine takes it. */
interface TraceableStep {
  shapesOf(images: number): Readonly<Record<string, readonly number[]>>;
  body(inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  /** Of the scalars in the metrics of the latest body. */
  counts(): ScalarCounts;
}

function traceable(engine: Engine, model: Model, { height, width }: BatchSize, probe?: StepProbe): TraceableStep {
  const { config } = model;
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const shapesOf = (images: number): Record<string, readonly number[]> => ({
    ...mapValues(optimizerScalars(config, 0, 0), () => []),
    images: [2 * images, height, width, 3],
    alignmentRows: [2 * images, h, h],
    alignmentColumns: [2 * images, w, w],
    teacherMomentum: [],
  });
  let counts: ScalarCounts = new Map();
  const body = (inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> => {
    const result = trainingStep(engine, model, inputs as StepInputs, probe?.watch);
    const metrics = packMetrics(result.passes);
    counts = metrics.counts;
    return { ...probe?.outputs(result), [METRICS_OUTPUT]: metrics.packed };
  };
  return { shapesOf, body, counts: () => counts };
}

async function planned(
  engine: Engine,
  { shapesOf, body }: TraceableStep,
  { count, height, width }: BatchSize,
  signal?: AbortSignal,
): Promise<ProgramPlan | undefined> {
  const fits = async (images: number): Promise<boolean> => {
    await nextTask();
    signal?.throwIfAborted();
    try {
      engine.plan(shapesOf(images), body);
      return true;
    } catch (error) {
      if (error instanceof TensorTooLargeError) return false;
      throw error;
    }
  };
  try {
    return engine.plan(shapesOf(count), body);
  } catch (error) {
    if (!(error instanceof TensorTooLargeError)) throw error;
    // What grows with the batch grows in proportion.
    const guess = Math.floor(count / error.factor);
    throw tooLarge(count, height, width, await largestThat(fits, count, guess));
  }
}

const METRICS_OUTPUT = 'metrics';

/** Updates `num_batches_tracked` after a step. */
export function countBatches(model: Model, { scalars }: StepMetrics): void {
  // The predictor's BatchNorm tracks a direction only if it has at least two queries.
  const directions = (scalars.get('activeSlots') ?? []).filter((kept) => kept >= 2).length;
  for (const [norm, before] of model.batchesTracked) {
    model.batchesTracked.set(norm, before + (norm.startsWith(PREFIX.student.predictor) ? directions : 2));
  }
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
  const remedy = largest > 0 ? `The largest that fits is ${largest}.` : 'Lower "Crop size", "Width" or "Hidden width".';
  return new UserError(
    'gpu/batch-too-large',
    `A batch of ${count} images at ${height}×${width} pixels is more than this adapter can bind at once. ${remedy}`,
  );
}
