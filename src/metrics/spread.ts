/**
 * Spread of features [n,D] over directions, each normalized to length 1: mean over channels of the standard deviation over
 * cells, times √D. 1 if they point everywhere, 0 if one way, NaN if any isn't finite.
 */
export function spreadOf(features: Float32Array, channels: number): number {
  const cells = features.length / channels;
  const unit = unitRows(features, channels);
  if (!unit.every(Number.isFinite)) return NaN;
  let deviations = 0;
  for (let channel = 0; channel < channels; channel++) {
    let [sum, squares] = [0, 0];
    for (let at = channel; at < unit.length; at += channels) {
      sum += unit[at];
      squares += unit[at] ** 2;
    }
    deviations += Math.sqrt(Math.max(0, squares / cells - (sum / cells) ** 2));
  }
  return (deviations / channels) * Math.sqrt(channels);
}

/** Rows of [n,D] at length 1. */
export function unitRows(features: Float32Array, channels: number): Float64Array {
  const unit = Float64Array.from(features);
  for (let start = 0; start < unit.length; start += channels) {
    const row = unit.subarray(start, start + channels);
    const norm = Math.max(Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)), 1e-12);
    row.forEach((value, channel) => (row[channel] = value / norm));
  }
  return unit;
}
