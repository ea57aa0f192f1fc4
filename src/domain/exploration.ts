import { mutualInformation } from './scores/mutualInformation.ts';
import { slotLabels, wholeWindow, type SlotGrid } from './slotGrid.ts';
import { IN_USE_FRACTION } from './thresholds.ts';

/** Side at which segmentations are compared. */
const SIDE = 64;

/** What is compared of a run: its labels on the same images as those of the other runs, one image after another. */
export function comparedLabels(grids: readonly SlotGrid[]): Uint16Array {
  const labels = new Uint16Array(grids.length * SIDE * SIDE);
  grids.forEach((grid, at) => labels.set(slotLabels(grid, wholeWindow(SIDE, SIDE)), at * SIDE * SIDE));
  return labels;
}

/** What is said of a recipe, from the labels of its runs. */
export interface RecipeFacts {
  /** NMI between the segmentations of two seeds, 0 to 1; undefined without two runs. */
  readonly stability: number | undefined;
  /** Number of prototypes that hold more than 0.5% of the pixels, averaged over the runs. */
  readonly slotsInUse: number | undefined;
}

export function recipeFacts(runs: readonly Uint16Array[]): RecipeFacts {
  const [one, other] = runs;
  const used = runs.map(countInUse);
  return {
    stability: runs.length < 2 ? undefined : stabilityOf(one, other),
    slotsInUse: used.length === 0 ? undefined : used.reduce((sum, count) => sum + count, 0) / used.length,
  };
}

/** Most stable first; what has no stability yet comes last. */
export function byStability<Row extends RecipeFacts>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (b.stability ?? -1) - (a.stability ?? -1));
}

function stabilityOf(one: Uint16Array, other: Uint16Array): number {
  const size = 1 + Math.max(maxOf(one), maxOf(other));
  const counts = new Float64Array(size * size);
  one.forEach((label, at) => counts[label * size + other[at]]++);
  return mutualInformation({ prototypes: size, classes: size, counts });
}

function countInUse(labels: Uint16Array): number {
  const counts = new Float64Array(1 + maxOf(labels));
  labels.forEach((label) => counts[label]++);
  return counts.filter((count) => count > IN_USE_FRACTION * labels.length).length;
}

const maxOf = (labels: Uint16Array): number => labels.reduce((max, label) => Math.max(max, label), 0);
