import { mapValues } from '../lib/mapValues.ts';
import type { Engine } from '../ops/engine.ts';
import { sizeOf } from '../lib/shape.ts';
import type { StepRates } from '../signals/metrics.ts';
import { optimizerScalars } from '../slotcon/encoderRate.ts';
import type { Model } from '../slotcon/model.ts';
import { PREFIX } from '../slotcon/networks.ts';
import type { Batch, BatchSize } from './batch.ts';
import { planTraced } from './planStep.ts';
import { unpackMetrics, type StepMetrics } from './stepMetrics.ts';
import { METRICS_OUTPUT, traceableStep, type StepProbe, type TraceableStep } from './traceableStep.ts';

export interface StepRun extends StepMetrics {
  /** Outputs of the probe, by name. */
  readonly probed: Readonly<Record<string, Float32Array>>;
}

/** Training step of a model for batches of one size. Runs may overlap where the engine queues them. */
export interface StepProgram {
  /**
   * Trains one step on a batch, or one `piece` of a step, from 0 to `config.accumulate` − 1 in this order: the last runs the
   * optimizer. `countBatches` counts the batch. `step` counts from 0.
   */
  run(batch: Batch, rates: StepRates & { readonly step: number }, piece?: number): Promise<StepRun>;
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
  const { accumulate } = config;
  const zeros = (name: string, shape: readonly number[]) =>
    engine.variable(name, shape, new Float32Array(sizeOf(shape)));
  const traced = traceableStep(engine, model, size, zeros, probe);
  const discardSums = (): void => traced.sums.forEach((sum) => engine.discard(sum));
  const programs = await createPrograms(engine, traced, size, onProgress).catch((error: unknown) => {
    discardSums();
    throw error;
  });
  return {
    run: async ({ images, alignment }, { step, lr, teacherMomentum }, piece = 0) => {
      const ofOptimizer = scalars(optimizerScalars(config, step, lr));
      const ofPiece = scalars({ teacherMomentum: piece === 0 ? teacherMomentum : 1, follows: piece === 0 ? 0 : 1 });
      const done = programs.batch.run({
        ...ofOptimizer,
        ...ofPiece,
        images,
        alignmentRows: alignment.rows,
        alignmentColumns: alignment.columns,
      });
      // Both are submitted before either is awaited.
      const updated = piece === accumulate - 1 ? programs.update?.run(ofOptimizer) : undefined;
      const [{ [METRICS_OUTPUT]: packed, ...probed }] = await Promise.all([done, updated]);
      return { ...unpackMetrics(packed, traced.counts()), probed };
    },
    dispose: () => {
      programs.batch.dispose();
      programs.update?.dispose();
      discardSums();
    },
  };
}

const scalars = (values: Readonly<Record<string, number>>): Record<string, Float32Array> =>
  mapValues(values, (value) => Float32Array.of(value));

/** Fraction of the kernels of a step in pieces that are those of a piece, about. */
const PIECE_FRACTION = 0.9;

async function createPrograms(
  engine: Engine,
  traced: TraceableStep,
  size: BatchSize,
  onProgress: (fraction: number) => void = () => undefined,
) {
  const { batch, update } = traced;
  const share = update ? PIECE_FRACTION : 1;
  const main = await engine
    .program(batch.shapesOf(size.count), batch.body, (fraction) => onProgress(share * fraction))
    .catch(async (error: unknown) => {
      // Something else than the size may have failed, in which case planning goes well.
      await planTraced(engine, traced, size);
      throw error;
    });
  if (!update) return { batch: main, update: undefined };
  try {
    const onUpdate = (fraction: number): void => onProgress(share + (1 - share) * fraction);
    return { batch: main, update: await engine.program(update.shapesOf(size.count), update.body, onUpdate) };
  } catch (error) {
    main.dispose();
    throw error;
  }
}

/** Updates `num_batches_tracked` after a step. */
export function countBatches(model: Model, { scalars }: StepMetrics): void {
  // The predictor's BatchNorm tracks a direction only if it has at least two queries.
  const directions = (scalars.get('activeSlots') ?? []).filter((kept) => kept >= 2).length;
  for (const [norm, before] of model.batchesTracked) {
    model.batchesTracked.set(norm, before + (norm.startsWith(PREFIX.student.predictor) ? directions : 2));
  }
}
