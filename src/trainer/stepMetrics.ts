import { defined } from '../lib/defined.ts';
import type { Tensor } from '../ops/tensor.ts';
import { meanOverCells, sumOfMeans } from '../signals/measures.ts';
import { FILE_ORDER, METRICS, type MetricName, type StepRates, type StepRecord } from '../signals/metrics.ts';
import type { StepPasses } from '../slotcon/step.ts';

/** Numbers of one step, read back from the device. K prototypes. */
export interface StepMetrics {
  /** Scalars that each metric computed on the device is the sum of. */
  readonly scalars: ReadonlyMap<MetricName, readonly number[]>;
  /** Not finite as soon as a weight or activation isn't, see `sumOfMeans`. */
  readonly activations: number;
  /** Fraction of the teacher's cells for each prototype: K numbers. */
  readonly usage: readonly number[];
}

/** Number of scalars of each metric computed on the device, in the order of `METRICS`. */
export type ScalarCounts = ReadonlyMap<MetricName, number>;

/** Packs all numbers of a step into one tensor, so that a step needs one read-back. */
export function packMetrics(passes: StepPasses): { readonly packed: Tensor; readonly counts: ScalarCounts } {
  const { student, predictor, teacher } = passes;
  const computed = METRICS.flatMap(([name, { compute }]) => (compute ? [[name, compute(passes)] as const] : []));
  const activations = sumOfMeans([...student.statistics, ...predictor.statistics].map(({ mean }) => mean));
  const usage = meanOverCells(teacher.dots.oneHotArgMax());
  const scalars = [...computed.flatMap(([, tensors]) => tensors), activations].map((scalar) => scalar.reshape([1]));
  const [first, ...rest] = [...scalars, usage];
  return {
    packed: first.concat(...rest),
    counts: new Map(computed.map(([name, tensors]) => [name, tensors.length])),
  };
}

export function unpackMetrics(values: Float32Array, counts: ScalarCounts): StepMetrics {
  const scalars = new Map<MetricName, readonly number[]>();
  let at = 0;
  for (const [name, count] of counts) {
    scalars.set(name, Array.from(values.subarray(at, at + count)));
    at += count;
  }
  return { scalars, activations: values[at], usage: Array.from(values.subarray(at + 1)) };
}

/** Means over the batches of a step. */
export function meanMetrics(pieces: readonly StepMetrics[]): StepMetrics {
  const [first] = pieces;
  const mean = (of: (piece: StepMetrics) => number): number =>
    pieces.reduce((sum, piece) => sum + of(piece), 0) / pieces.length;
  return {
    scalars: new Map(
      [...first.scalars].map(([name, values]) => [
        name,
        values.map((_, at) => mean(({ scalars }) => defined(scalars.get(name), name)[at])),
      ]),
    ),
    activations: mean(({ activations }) => activations),
    usage: first.usage.map((_, prototype) => mean(({ usage }) => usage[prototype])),
  };
}

/** Record of a step for `metrics.jsonl`; `step` is the number of steps done, including this one. */
export function toRecord(step: number, { scalars, usage }: StepMetrics, rates: StepRates): StepRecord {
  const values = FILE_ORDER.map(([name, { host }]) => {
    const value = host ? host(rates, usage) : (scalars.get(name) ?? []).reduce((sum, scalar) => sum + scalar, 0);
    return [name, value] as const;
  });
  return { step, ...(Object.fromEntries(values) as Record<MetricName, number>), usage };
}
