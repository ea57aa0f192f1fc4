/**
 * Polygons become pixels as in COCO (https://github.com/cocodataset/cocoapi, common/maskApi.c): the outline is followed in
 * steps of a fifth of a pixel, and a pixel is inside if an odd number of its crossings of the pixel's column lies above.
 */

/** Steps of the outline per pixel. */
const STEPS = 5;

/** Counts of the runs (see `rle.ts`) of a polygon x0, y0, x1, y1, … in an image of this size; it is closed and cut off there. */
export function polygonCounts(polygon: readonly number[], width: number, height: number): number[] {
  const { xs, ys } = outlineOf(polygon);
  const ends = [width * height];
  for (let at = 1; at < xs.length; at++) {
    if (xs[at] === xs[at - 1]) continue;
    const x = (Math.min(xs[at], xs[at - 1]) + 0.5) / STEPS - 0.5;
    // Only crossings of a column's middle count.
    if (!Number.isInteger(x) || x < 0 || x >= width) continue;
    const y = (Math.min(ys[at], ys[at - 1]) + 0.5) / STEPS - 0.5;
    ends.push(x * height + Math.ceil(Math.min(Math.max(y, 0), height)));
  }
  return countsOf(ends.sort((one, other) => one - other));
}

/** Points of the closed outline, in steps. */
function outlineOf(polygon: readonly number[]): { readonly xs: readonly number[]; readonly ys: readonly number[] } {
  const corners = polygon.map((coordinate) => Math.trunc(STEPS * coordinate + 0.5));
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let at = 0; at < corners.length; at += 2) {
    const next = (at + 2) % corners.length;
    const [x, y, toX, toY] = [corners[at], corners[at + 1], corners[next], corners[next + 1]];
    const [across, down] = [Math.abs(toX - x), Math.abs(toY - y)];
    const steps = Math.max(across, down);
    const isFlat = across >= down;
    // From the lower end of the longer side, so that neighbors have the same points on their common edge.
    const isReversed = isFlat ? x > toX : y > toY;
    const [fromX, fromY] = isReversed ? [toX, toY] : [x, y];
    const rise = steps === 0 ? 0 : (isReversed ? -1 : 1) * (isFlat ? (toY - y) / steps : (toX - x) / steps);
    for (let step = 0; step <= steps; step++) {
      const along = isReversed ? steps - step : step;
      xs.push(isFlat ? fromX + along : Math.trunc(fromX + rise * along + 0.5));
      ys.push(isFlat ? Math.trunc(fromY + rise * along + 0.5) : fromY + along);
    }
  }
  return { xs, ys };
}

/** Lengths of runs from where they end, in ascending order; an empty run joins its neighbors. */
function countsOf(ends: readonly number[]): number[] {
  const lengths = ends.map((end, at) => end - (ends[at - 1] ?? 0));
  const counts = lengths.slice(0, 1);
  for (let at = 1; at < lengths.length; at++) {
    if (lengths[at] > 0) counts.push(lengths[at]);
    else if (++at < lengths.length) counts[counts.length - 1] += lengths[at];
  }
  return counts;
}
