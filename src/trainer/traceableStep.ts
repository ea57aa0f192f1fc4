import { mapValues } from '../lib/mapValues.ts';
import type { Engine, Variable } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import { gradientSums, type PieceScalars } from '../slotcon/accumulate.ts';
import { optimizerScalars } from '../slotcon/encoderRate.ts';
import type { Model } from '../slotcon/model.ts';
import {
  trainingPiece,
  trainingStep,
  type BatchInputs,
  type StepInputs,
  type StepPasses,
  type StepResult,
} from '../slotcon/step.ts';
import type { StepScalars } from '../nn/optimizers/optimizer.ts';
import { updateStudent } from '../slotcon/updates.ts';
import type { BatchSize } from './batch.ts';
import { packMetrics, type ScalarCounts } from './stepMetrics.ts';

/** Extra outputs of a step, for parity tests: intermediates by name, and tensors to return gradients of. */
export interface StepProbe {
  watch?(passes: StepPasses): Readonly<Record<string, Tensor>>;
  outputs(result: StepResult): Readonly<Record<string, Tensor>>;
}

/** A program as an engine takes it. */
export interface Traceable {
  /** With so many images in a batch. */
  shapesOf(images: number): Readonly<Record<string, readonly number[]>>;
  body(inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
}

/** The programs of a step. */
export interface TraceableStep {
  /** Batches of a step. */
  readonly pieces: number;
  /** Run with every batch of a step: all of it where that is one batch, else a piece. */
  readonly batch: Traceable;
  /** The optimizer, run after the last piece; undefined where `batch` is all. */
  readonly update: Traceable | undefined;
  /** Sums of the gradients of the pieces, none where a step is one batch. */
  readonly sums: readonly Variable[];
  /** Of the scalars in the metrics of the latest body. */
  counts(): ScalarCounts;
}

export const METRICS_OUTPUT = 'metrics';

/** `variableOf` creates what a step needs besides the model. */
export function traceableStep(
  engine: Engine,
  model: Model,
  { height, width }: BatchSize,
  variableOf: (name: string, shape: readonly number[]) => Variable,
  probe?: StepProbe,
): TraceableStep {
  const { config } = model;
  const inPieces = config.accumulate > 1;
  const sums = inPieces ? gradientSums(model, variableOf) : [];
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const ofOptimizer = mapValues(optimizerScalars(config, 0, 0), () => []);
  let counts: ScalarCounts = new Map();
  const batch: Traceable = {
    shapesOf: (images) => ({
      ...(inPieces ? { follows: [] } : ofOptimizer),
      images: [2 * images, height, width, 3],
      alignmentRows: [2 * images, h, h],
      alignmentColumns: [2 * images, w, w],
      teacherMomentum: [],
    }),
    body: (inputs) => {
      const result = inPieces
        ? trainingPiece(engine, model, inputs as unknown as BatchInputs & PieceScalars, sums, probe?.watch)
        : trainingStep(engine, model, inputs as StepInputs, probe?.watch);
      const metrics = packMetrics(result.passes);
      counts = metrics.counts;
      return { ...probe?.outputs(result), [METRICS_OUTPUT]: metrics.packed };
    },
  };
  const update: Traceable = {
    shapesOf: () => ofOptimizer,
    body: (inputs) => {
      const gradients = sums.map(({ value }) => value);
      updateStudent(engine, model, gradients, inputs as StepScalars);
      return {};
    },
  };
  return { pieces: config.accumulate, batch, update: inPieces ? update : undefined, sums, counts: () => counts };
}
