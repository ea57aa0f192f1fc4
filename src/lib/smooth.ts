/**
 * Exponential moving average without a bias towards 0 at the start (corrected as in Adam), so that the smoothed line
 * begins on the raw one. `smoothing` 0 returns the values as they are. Values that are not finite are copied and don't
 * enter the average.
 */
export function smooth(values: ArrayLike<number>, smoothing: number): Float64Array {
  let average = 0;
  let weight = 0;
  return Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value;
    average = smoothing * average + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
    return average / weight;
  });
}
