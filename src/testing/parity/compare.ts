/** Deviation of a quantity from its reference. */
export interface Comparison {
  /** Largest |ours − theirs| over the largest |theirs| (or over `floor`, if that is larger). */
  readonly maxRel: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/** Comparison with the largest ratio of deviation to tolerance. */
export function worst(comparisons: readonly Comparison[]): Comparison {
  return comparisons.reduce((a, b) => (a.maxRel / a.tolerance >= b.maxRel / b.tolerance ? a : b));
}

/** Compares values. `floor` is the min scale, for quantities that are practically 0. NaN is never ok. */
export function compare(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  { tolerance, floor = 0 }: { readonly tolerance: number; readonly floor?: number },
): Comparison {
  if (ours.length !== theirs.length) throw new Error(`comparing ${ours.length} values with ${theirs.length}`);
  let difference = 0;
  let largest = floor;
  for (let index = 0; index < theirs.length; index++) {
    const delta = Math.abs(ours[index] - theirs[index]);
    if (!(delta <= difference)) difference = delta;
    largest = Math.max(largest, Math.abs(theirs[index]));
  }
  const maxRel = difference === 0 ? 0 : difference / Math.max(largest, 1e-30);
  return { maxRel, tolerance, ok: maxRel <= tolerance };
}

/** Compares counts: any difference fails. */
export function compareExactly(ours: ArrayLike<number>, theirs: ArrayLike<number>): Comparison {
  const { maxRel } = compare(ours, theirs, { tolerance: 0 });
  return { maxRel, tolerance: 0, ok: maxRel === 0 };
}

/** Largest difference relative to the largest expected value. */
export function relativeError(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  return compare(ours, theirs, { tolerance: 0 }).maxRel;
}
