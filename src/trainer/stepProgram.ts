import type { TwoCrops } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import type { DeviceFill, Engine } from '../ops/ops.ts';
import { alignmentMatrix } from '../slotcon/invaug.ts';
import type { Model } from '../slotcon/model.ts';
import { STUDENT_PREFIX } from '../slotcon/networks.ts';
import { normalizePixels } from '../data/normalize.ts';
import type { Probe } from './probe.ts';
import { unpackMetrics, type Metrics } from './signals.ts';
import { trainingStep, type StepInputs } from './step.ts';

/** B images of H×W pixels. */
export interface BatchSize {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** A batch: B images · two views, view 1 of all images first · n = h·w cells. */
export interface Batch extends BatchSize {
  /** Normalized: [2B,H,W,3] */
  readonly images: Float32Array | DeviceFill;
  /** [2B,n,n] */
  readonly alignment: Float32Array;
}

/** Puts the views of a batch together; crops are height × width × 3. */
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

/** What undoes the augmentation of each view: [2B,n,n] */
export function alignmentOf(
  model: Model,
  places: readonly Pick<TwoCrops, 'coords' | 'flips'>[],
  { height, width }: BatchSize,
): Float32Array {
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const matrix = (h * w) ** 2;
  const alignment = new Float32Array(2 * places.length * matrix);
  for (const view of [0, 1] as const) {
    places.forEach(({ coords, flips }, index) => {
      const row = view * places.length + index;
      alignment.set(alignmentMatrix(coords[view], flips[view], h, w), row * matrix);
    });
  }
  return alignment;
}

export interface StepResult extends Metrics {
  /** What the probe asked for, by name. */
  readonly observed: Readonly<Record<string, Float32Array>>;
}

/** A model's training step for batches of one size. Runs must not overlap. */
export interface StepProgram {
  /** Trains one step and keeps the model's books (`num_batches_tracked`). */
  run(batch: Batch, rates: { readonly lr: number; readonly teacherMomentum: number }): Promise<StepResult>;
  /** Frees what the step needs; the model stays. */
  dispose(): void;
}

/** `onProgress` hears the share that is prepared, from 0 to 1. */
export async function createStepProgram(
  engine: Engine,
  model: Model,
  { count, height, width }: BatchSize,
  probe?: Probe,
  onProgress?: (share: number) => void,
): Promise<StepProgram> {
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const shapesOf = (images: number) => ({
    images: [2 * images, height, width, 3],
    alignment: [2 * images, h * w, h * w],
    lr: [],
    teacherMomentum: [],
  });
  const body = (inputs: StepInputs): ReturnType<typeof trainingStep> => trainingStep(engine, model, inputs, probe);
  const program = await engine.program(shapesOf(count), body, onProgress).catch((error: unknown) => {
    const fits = (images: number): boolean => engine.fits(shapesOf(images), body);
    throw fits(count) ? error : tooLarge(count, height, width, largestThat(fits, count));
  });
  return {
    run: async ({ images, alignment }, rates) => {
      const lr = Float32Array.of(rates.lr);
      const teacherMomentum = Float32Array.of(rates.teacherMomentum);
      const { metrics, ...observed } = await program.run({ images, alignment, lr, teacherMomentum });
      const measured = unpackMetrics(metrics);
      countBatches(model, measured);
      return { ...measured, observed };
    },
    dispose: () => program.dispose(),
  };
}

function countBatches(model: Model, { scalars: { kept1, kept2 } }: Metrics): void {
  for (const [norm, before] of model.batchesTracked) {
    // The predictor sees a direction only when it has at least two queries.
    const seen = norm.startsWith(STUDENT_PREFIX.predictor) ? Number(kept1 >= 2) + Number(kept2 >= 2) : 2;
    model.batchesTracked.set(norm, before + seen);
  }
}

/** The largest number below `limit` that passes, 0 if none does. */
function largestThat(passes: (number: number) => boolean, limit: number): number {
  let [good, bad] = [0, limit];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function tooLarge(count: number, height: number, width: number, largest: number): UserError {
  const remedy = largest > 0 ? `The largest that fits is ${largest}.` : 'Lower "Crop size" or "Width".';
  return new UserError(
    'gpu/batch-too-large',
    `A batch of ${count} images at ${height}×${width} pixels is more than this adapter can bind at once. ${remedy}`,
  );
}
