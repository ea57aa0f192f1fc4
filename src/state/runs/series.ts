import { SERIES, type SeriesName, type StepRecord } from '../../signals/metrics.ts';

/** The curves of a run as they are stored: another version of the page may have stored fewer series, or more. */
export interface Curves {
  readonly steps: Float64Array;
  /** Each as long as `steps`. Read with `seriesValues`. */
  readonly values: Readonly<Partial<Record<SeriesName, Float64Array>>>;
}

/** The values of one series, NaN at every step where it was not stored. */
export function seriesValues({ steps, values }: Curves, name: SeriesName): Float64Array {
  return values[name] ?? new Float64Array(steps.length).fill(NaN);
}

/**
 * The values of a run, outside React. A curve stays within `capacity` points, however long the run: when it is full,
 * neighbors are averaged, and from then on every point stands for twice as many steps. The latest records stay exact.
 */
export interface Series {
  push(record: StepRecord): void;
  /** Replaces everything by the curves of an earlier visit. */
  restore(curves: Curves): void;
  /** Removes every step after `step`, where a run is continued from. */
  truncate(step: number): void;
  clear(): void;
  /** Steps (x) of all curves. A view into storage, valid until the next change. */
  steps(): Float64Array;
  /** Values of one curve, as long as `steps()`. A view into storage, valid until the next change. */
  values(name: SeriesName): Float64Array;
  /** Exact records, oldest first, at most `recentCapacity`. */
  recent(): readonly StepRecord[];
  /** Records pushed since the last `clear`, minus those truncated. */
  count(): number;
  last(): StepRecord | undefined;
  /** Called after any change; coalesce on the reader's side. Returns the function that unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export function createSeries(capacity = 4096, recentCapacity = 512): Series {
  if (capacity < 2 || capacity % 2 !== 0) throw new Error(`capacity ${capacity} must be even and at least 2`);
  const steps = new Float64Array(capacity);
  const columns = Object.fromEntries(SERIES.map(({ name }) => [name, new Float64Array(capacity)])) as Record<
    SeriesName,
    Float64Array
  >;
  const all = [steps, ...SERIES.map(({ name }) => columns[name])];
  const listeners = new Set<() => void>();
  let length = 0; // points stored; the last may still be filling
  let stride = 1; // records per point
  let filled = 0; // records in the last point
  let records = 0;
  let recent: StepRecord[] = [];
  const notify = (): void => listeners.forEach((listener) => listener());

  const halve = (): void => {
    for (const column of all) {
      for (let at = 0; at < capacity; at += 2) column[at / 2] = (column[at] + column[at + 1]) / 2;
    }
    length = capacity / 2;
    stride *= 2;
    filled = stride;
  };
  const append = (row: readonly number[]): void => {
    if (length > 0 && filled < stride) {
      all.forEach((column, index) => {
        const mean = column[length - 1];
        column[length - 1] = mean + (row[index] - mean) / (filled + 1);
      });
      filled++;
      return;
    }
    if (length === capacity) halve();
    all.forEach((column, index) => (column[length] = row[index]));
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
    restore: (curves) => {
      reset();
      length = Math.min(curves.steps.length, capacity);
      steps.set(curves.steps.subarray(0, length));
      for (const { name } of SERIES) columns[name].set(seriesValues(curves, name).subarray(0, length));
      // Points of several steps each are as many steps apart.
      if (length > 1) stride = Math.max(1, Math.round(steps[1] - steps[0]));
      filled = stride;
      records = length * stride;
      notify();
    },
    truncate: (step) => {
      while (length > 0 && steps[length - 1] > step) length--;
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
    values: (name) => columns[name].subarray(0, length),
    recent: () => recent.slice(-recentCapacity),
    count: () => records,
    last: () => recent.at(-1),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The step, then the value of each series. */
function rowOf(record: StepRecord): number[] {
  return [record.step, ...SERIES.map(({ valueOf }) => valueOf(record))];
}
