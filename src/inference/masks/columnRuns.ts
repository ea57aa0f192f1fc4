/** Runs of equal labels down the columns of a label map, from the left column to the right one. */
export interface ColumnRuns {
  readonly width: number;
  readonly height: number;
  /** Column x has the runs `columns[x]` to `columns[x + 1]`. */
  readonly columns: Uint32Array;
  /** Row at which each run begins; it ends where the next one of its column begins. */
  readonly tops: Uint32Array;
  /** Label of each run. */
  readonly labels: Uint16Array;
}

/** `labels` are [height,width]. */
export function columnRunsOf(labels: Uint16Array, width: number, height: number): ColumnRuns {
  const columns = new Uint32Array(width + 1);
  // Both passes go along the rows, as the labels lie in memory.
  const eachStart = (visit: (x: number, y: number, label: number) => void): void => {
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (y === 0 || labels[at] !== labels[at - width]) visit(x, y, labels[at]);
      }
    }
  };
  eachStart((x) => (columns[x + 1] += 1));
  for (let x = 0; x < width; x++) columns[x + 1] += columns[x];
  const next = columns.slice();
  const tops = new Uint32Array(columns[width]);
  const runLabels = new Uint16Array(columns[width]);
  eachStart((x, y, label) => {
    const run = next[x]++;
    tops[run] = y;
    runLabels[run] = label;
  });
  return { width, height, columns, tops, labels: runLabels };
}

/** Calls `visit` for each run in order, with its column and the row after its last. */
export function eachRun(
  { width, height, columns, tops }: ColumnRuns,
  visit: (run: number, x: number, end: number) => void,
): void {
  for (let x = 0; x < width; x++) {
    for (let run = columns[x]; run < columns[x + 1]; run++) {
      visit(run, x, run + 1 < columns[x + 1] ? tops[run + 1] : height);
    }
  }
}

/** Run that holds the pixel (x, y). */
export function runAt({ columns, tops }: ColumnRuns, x: number, y: number): number {
  let [low, high] = [columns[x], columns[x + 1] - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Connected regions of equal labels; pixels are connected by their sides. */
export interface Regions {
  readonly count: number;
  /** Region of each run, counted from 0. */
  readonly ofRun: Uint32Array;
}

export function connectRuns({ width, height, columns, tops, labels }: ColumnRuns): Regions {
  const parents = Uint32Array.from(tops.keys());
  const rootOf = (run: number): number => {
    let at = run;
    while (parents[at] !== at) at = parents[at] = parents[parents[at]];
    return at;
  };
  const endOf = (run: number, column: number): number => (run + 1 < columns[column + 1] ? tops[run + 1] : height);
  for (let x = 1; x < width; x++) {
    let before = columns[x - 1];
    let run = columns[x];
    while (before < columns[x] && run < columns[x + 1]) {
      if (labels[before] === labels[run]) {
        const [one, other] = [rootOf(before), rootOf(run)];
        parents[Math.max(one, other)] = Math.min(one, other);
      }
      const [endBefore, end] = [endOf(before, x - 1), endOf(run, x)];
      if (endBefore <= end) before += 1;
      if (end <= endBefore) run += 1;
    }
  }
  return numberRoots(parents, rootOf);
}

/** A root is the first run of its region. */
function numberRoots(parents: Uint32Array, rootOf: (run: number) => number): Regions {
  const ofRun = new Uint32Array(parents.length);
  let count = 0;
  for (let run = 0; run < parents.length; run++) {
    const root = rootOf(run);
    ofRun[run] = root === run ? count++ : ofRun[root];
  }
  return { count, ofRun };
}
