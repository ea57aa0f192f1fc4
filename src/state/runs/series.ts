import type { StepRecord } from '../../domain/reports.ts';

/** What is drawn over the steps. `usedShare` is used prototypes / K. */
export const SERIES_NAMES = [
  'loss',
  'lossGroup',
  'lossSlot',
  'agreement',
  'assignmentEntropy',
  'meanAssignmentEntropy',
  'featureCosine',
  'usedShare',
  'lr',
  'teacherMomentum',
] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];

/** Steps (x) and every line over them, all of one length. */
export interface Curves {
  readonly steps: Float64Array;
  readonly values: Readonly<Record<SeriesName, Float64Array>>;
}

/**
 * The live numbers of a run, outside React. The curve of a whole run stays within `capacity` points: when it is full,
 * neighbors are averaged and from then on every point stands for twice as many steps. The latest records stay exact.
 */
export interface Series {
  push(record: StepRecord): void;
  /** Takes the place of what is there, as a curve of another visit was left. */
  restore(curves: Curves): void;
  /** Forgets every step after `step`: where a run is continued from. */
  truncate(step: number): void;
  clear(): void;
  /** Steps (x) and values of one line, same length. Views into storage: read, don't keep. */
  steps(): Float64Array;
  values(name: SeriesName): Float64Array;
  /** Exact records, oldest first, at most `recentCapacity`. */
  recent(): readonly StepRecord[];
  /** Records pushed since the last `clear`, minus those truncated. */
  count(): number;
  last(): StepRecord | undefined;
  /** Called after any change; coalesce on the reader's side. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
}

export function createSeries(capacity = 4096, recentCapacity = 512): Series {
  if (capacity < 2 || capacity % 2 !== 0) throw new Error(`capacity ${capacity} must be even and at least 2`);
  const steps = new Float64Array(capacity);
  const lines = new Map(SERIES_NAMES.map((name) => [name, new Float64Array(capacity)] as const));
  const columns = [steps, ...lines.values()];
  const listeners = new Set<() => void>();
  let length = 0; // points stored; the last may still be filling
  let stride = 1; // records a point
  let filled = 0; // records in the last point
  let records = 0;
  let recent: StepRecord[] = [];
  const notify = (): void => listeners.forEach((listener) => listener());

  const halve = (): void => {
    for (const column of columns) {
      for (let at = 0; at < capacity; at += 2) column[at / 2] = ((column[at] ?? 0) + (column[at + 1] ?? 0)) / 2;
    }
    length = capacity / 2;
    stride *= 2;
    filled = stride;
  };
  const append = (row: readonly number[]): void => {
    if (length > 0 && filled < stride) {
      columns.forEach((column, index) => {
        const mean = column[length - 1] ?? 0;
        column[length - 1] = mean + ((row[index] ?? 0) - mean) / (filled + 1);
      });
      filled++;
      return;
    }
    if (length === capacity) halve();
    columns.forEach((column, index) => (column[length] = row[index] ?? 0));
    length++;
    filled = 1;
  };
  const reset = (): void => {
    length = 0;
    stride = 1;
    filled = 0;
    records = 0;
    recent = [];
  };

  return {
    push: (record) => {
      append(rowOf(record));
      records++;
      recent.push(record);
      // Dropped in blocks, so that a push stays cheap.
      if (recent.length >= 2 * recentCapacity) recent = recent.slice(-recentCapacity);
      notify();
    },
    restore: ({ steps: kept, values }) => {
      reset();
      length = Math.min(kept.length, capacity);
      steps.set(kept.subarray(0, length));
      for (const [name, line] of lines) line.set(values[name].subarray(0, length));
      // Points of several steps each lie as far apart.
      if (length > 1) stride = Math.max(1, Math.round((steps[1] ?? 0) - (steps[0] ?? 0)));
      filled = stride;
      records = length * stride;
      notify();
    },
    truncate: (step) => {
      while (length > 0 && (steps[length - 1] ?? 0) > step) length--;
      filled = stride;
      recent = recent.filter((record) => record.step <= step);
      records = Math.min(records, length * stride);
      notify();
    },
    clear: () => {
      reset();
      notify();
    },
    steps: () => steps.subarray(0, length),
    values: (name) => (lines.get(name) ?? steps).subarray(0, length),
    recent: () => recent.slice(-recentCapacity),
    count: () => records,
    last: () => recent.at(-1),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function rowOf(record: StepRecord): number[] {
  const line = (name: SeriesName): number =>
    name === 'usedShare' ? record.usedPrototypes / Math.max(1, record.usage.length) : record[name];
  return [record.step, ...SERIES_NAMES.map(line)];
}

/**
 * Exponential moving average, started without a bias towards 0 (as Adam corrects its moments), so that the smoothed
 * line begins on the raw one. `smoothing` 0 returns the values as they are.
 */
export function smooth(values: Float64Array, smoothing: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let weight = 0;
  for (let at = 0; at < values.length; at++) {
    average = smoothing * average + (1 - smoothing) * (values[at] ?? 0);
    weight = smoothing * weight + (1 - smoothing);
    smoothed[at] = average / weight;
  }
  return smoothed;
}
