import type { RegionTable } from '../../domain/regions.ts';

/** Mean color of each region over its cells, RGB from 0 to 255, [N,3]. */
export function regionColors({ photographs, regions, colors, origin }: RegionTable): Float32Array {
  const { regionStarts, cells } = photographs;
  const sums = new Float32Array(3 * regions.count);
  const counts = new Uint32Array(regions.count);
  const rowOf = new Uint32Array(origin.prototypes);
  for (let image = 0; image < photographs.count; image++) {
    for (let row = regionStarts[image]; row < regionStarts[image + 1]; row++) rowOf[regions.prototype[row]] = row;
    for (let cell = cells.starts[image]; cell < cells.starts[image + 1]; cell++) {
      const row = rowOf[cells.winners[cell]];
      counts[row]++;
      for (let channel = 0; channel < 3; channel++) sums[3 * row + channel] += colors[3 * cell + channel];
    }
  }
  return sums.map((sum, at) => sum / counts[Math.floor(at / 3)]);
}

/** Mean absolute difference of two colors, of regions or cells. */
export function colorDifference(colors: Float32Array | Uint8Array, one: number, other: number): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++)
    sum += Math.abs(colors[3 * one + channel] - colors[3 * other + channel]);
  return sum / 3;
}
