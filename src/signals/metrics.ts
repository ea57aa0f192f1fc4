import { IN_USE_FRACTION } from '../domain/thresholds.ts';
import type { Tensor } from '../ops/tensor.ts';
import type { StepPasses } from '../slotcon/step.ts';
import { biasRatio, featureCosine, meanOverCells, relativeEntropy, viewAgreement } from './measures.ts';

/** Rates of one step. */
export interface StepRates {
  readonly lr: number;
  readonly teacherMomentum: number;
}

/** A line in a chart over the steps. */
export interface MetricCurve {
  readonly chart: 'Losses' | 'Health' | 'Schedules';
  readonly label: string;
  /** Name of a CSS variable. */
  readonly color: string;
  readonly help: string;
  /** Vertical axis; the left one by default. */
  readonly axis?: 'right';
  /** Drawn smoothed over the raw line. */
  readonly smoothed?: true;
  readonly dash?: readonly number[];
  /** Where the curve is not the metric itself: the name its values are stored by, and their computation. */
  readonly series?: { readonly name: string; value(metric: number, usage: readonly number[]): number };
}

export interface Metric {
  /** Scalars that the step computes on the device; their sum, in double precision, is the metric… */
  readonly compute?: (passes: StepPasses) => readonly Tensor[];
  /** …or a value computed on the host. `usage` is the fraction of the teacher's cells that each prototype wins. */
  readonly host?: (rates: StepRates, usage: readonly number[]) => number;
  readonly curve?: MetricCurve;
  /** Header in the table of steps. */
  readonly column?: string;
  /** Header in tables of runs, which show means over the last steps. */
  readonly summary?: string;
}

/**
 * Every number that a step reports, in the order of the page: records, curves, tables and files follow from this table. Of a
 * step of several batches it is the mean over these.
 * Entropies are relative to log K, so 1 is uniform.
 */
const TABLE = {
  /** λ_g·lossGroup + (1−λ_g)·lossSlot, before the update of this step. */
  loss: {
    compute: ({ loss }) => [loss],
    curve: {
      chart: 'Losses',
      label: 'total',
      color: '--line-total',
      help: 'Weighted sum of both losses.',
      smoothed: true,
    },
    column: 'loss',
    summary: 'loss',
  },
  lossGroup: {
    compute: ({ groupingLosses }) => groupingLosses,
    curve: {
      chart: 'Losses',
      label: 'grouping',
      color: '--line-group',
      help: 'Both views should assign the same place alike.',
      smoothed: true,
    },
    column: 'grouping',
    summary: 'grouping loss',
  },
  lossSlot: {
    compute: ({ contrasts }) => contrasts.map(({ loss }) => loss),
    curve: {
      chart: 'Losses',
      label: 'slot',
      color: '--line-slot',
      help: 'A slot should differ from all others of the batch.',
      smoothed: true,
    },
    column: 'slot',
    summary: 'slot loss',
  },
  /** Fraction of aligned cells in which both views choose the same prototype (teacher). */
  agreement: {
    compute: ({ teacher }) => [viewAgreement(teacher.aligned)],
    curve: {
      chart: 'Health',
      label: 'agreement',
      color: '--line-a',
      help: 'Fraction of cells for which both views choose the same prototype.',
    },
    column: 'agreement',
    summary: 'agreement',
  },
  /** Mean entropy of a cell's teacher assignment. */
  assignmentEntropy: {
    compute: ({ teacher }) => [relativeEntropy(teacher.assignment)],
    curve: {
      chart: 'Health',
      label: 'entropy',
      color: '--line-b',
      help: 'How undecided a cell is; 1 is uniform.',
    },
    column: 'entropy',
  },
  /** Entropy of the mean teacher assignment. */
  meanAssignmentEntropy: {
    compute: ({ teacher }) => [relativeEntropy(meanOverCells(teacher.assignment))],
    curve: {
      chart: 'Health',
      label: 'mean entropy',
      color: '--line-c',
      help: 'How evenly the prototypes are used; 1 is uniform.',
    },
    column: 'mean entropy',
    summary: 'mean entropy',
  },
  /** Mean cosine between student features of different cells. */
  featureCosine: {
    compute: ({ student }) => [featureCosine(student.z)],
    curve: {
      chart: 'Health',
      label: 'cosine',
      color: '--line-d',
      help: 'How alike the features of different cells are; near 1 is a collapse.',
    },
    column: 'cosine',
  },
  /** Prototypes that hold more than 0.5% of the teacher's cells. */
  usedPrototypes: {
    host: (_, usage) => usage.filter((fraction) => fraction > IN_USE_FRACTION).length,
    curve: {
      chart: 'Health',
      label: 'used',
      color: '--line-e',
      help: 'Fraction of prototypes that hold more than 0.5% of the cells.',
      dash: [2, 3],
      series: {
        name: 'usedShare',
        value: (used, usage) => used / Math.max(1, usage.length),
      },
    },
    column: 'used',
    summary: 'prototypes in use',
  },
  /** (image, prototype) pairs present in both views: rows of the slot loss, both directions together. */
  activeSlots: {
    compute: ({ contrasts }) => contrasts.map(({ kept }) => kept),
    column: 'active slots',
  },
  lr: {
    host: ({ lr }) => lr,
    curve: { chart: 'Schedules', label: 'learning rate', color: '--line-a', help: 'Learning rate of the step.' },
    column: 'learning rate',
  },
  teacherMomentum: {
    host: ({ teacherMomentum }) => teacherMomentum,
    curve: {
      chart: 'Schedules',
      label: 'momentum',
      color: '--line-d',
      help: 'Fraction of the teacher that each step keeps; rises to 1.',
      axis: 'right',
    },
    column: 'momentum',
  },
  /** Norm of the projector's last bias over the root-mean-square norm of its outputs. */
  biasRatio: {
    compute: ({ student }) => [biasRatio(student.bias, student.z)],
  },
} as const satisfies Readonly<Record<string, Metric>>;

type Table = typeof TABLE;
export type MetricName = keyof Table;

/** Name by which the values of a curve are stored. */
export type SeriesName = {
  [Name in MetricName]: Table[Name] extends { curve: { series: { name: infer Stored } } }
    ? Stored
    : Table[Name] extends { curve: object }
      ? Name
      : never;
}[MetricName];

/** One line of `metrics.jsonl`. */
export type StepRecord = {
  /** Steps done, 1 after the first. */
  readonly step: number;
  /** Fraction of the teacher's cells for each prototype; sums to 1. */
  readonly usage: readonly number[];
} & Readonly<Record<MetricName, number>>;

/** All metrics in the order of the table. */
export const METRICS = Object.entries(TABLE) as unknown as readonly (readonly [MetricName, Metric])[];

/** Metrics in the order of `metrics.jsonl` since its first version; others follow in that of the table. */
export const FILE_ORDER = inOrder([
  'loss',
  'lossGroup',
  'lossSlot',
  'lr',
  'teacherMomentum',
  'activeSlots',
  'assignmentEntropy',
  'meanAssignmentEntropy',
  'agreement',
  'featureCosine',
  'biasRatio',
  'usedPrototypes',
]);

/** Metrics in the order of tables of runs. */
export const SUMMARY_ORDER = inOrder([
  'loss',
  'lossGroup',
  'lossSlot',
  'usedPrototypes',
  'meanAssignmentEntropy',
  'agreement',
]);

function inOrder(first: readonly MetricName[]): readonly (readonly [MetricName, Metric])[] {
  const place = (name: MetricName): number => (first.includes(name) ? first.indexOf(name) : first.length);
  return METRICS.toSorted(([one], [other]) => place(one) - place(other));
}

/** A curve of a run: one value per step. */
export interface CurveSeries {
  readonly name: SeriesName;
  readonly curve: MetricCurve;
  valueOf(record: StepRecord): number;
}

/** All curves in the order of the table. */
export const SERIES: readonly CurveSeries[] = METRICS.flatMap(([metric, { curve }]) => {
  if (!curve) return [];
  const { series } = curve;
  const valueOf = (record: StepRecord): number => series?.value(record[metric], record.usage) ?? record[metric];
  return [{ name: (series?.name ?? metric) as SeriesName, curve, valueOf }];
});
