import type { RegionTable } from '../../domain/regions.ts';

/** Rows minus the mean of their prototype by area: what tells a region from others of its kind. [N,D] */
export function deviations({ regions, vectors, origin: { dimensions, prototypes } }: RegionTable): Float32Array {
  const means = new Float64Array(prototypes * dimensions);
  const areas = new Float64Array(prototypes);
  for (let row = 0; row < regions.count; row++) {
    const [prototype, area] = [regions.prototype[row], regions.area[row]];
    areas[prototype] += area;
    for (let d = 0; d < dimensions; d++) means[prototype * dimensions + d] += area * vectors[row * dimensions + d];
  }
  return vectors.map((value, at) => {
    const prototype = regions.prototype[Math.floor(at / dimensions)];
    return value - means[prototype * dimensions + (at % dimensions)] / areas[prototype];
  });
}

/**
 * Unit vectors [M,2D] that near-duplicate photographs have in common: the mean of a photograph's regions by area, and the sum of
 * their deviations.
 */
export function photographVectors(table: RegionTable, deviation: Float32Array): Float32Array {
  const { photographs, regions, vectors, origin } = table;
  const { dimensions } = origin;
  const joined = new Float32Array(photographs.count * 2 * dimensions);
  const overall = new Float64Array(dimensions);
  for (let row = 0; row < regions.count; row++) {
    const [image, area] = [regions.image[row], regions.area[row]];
    const [from, into] = [row * dimensions, image * 2 * dimensions];
    for (let d = 0; d < dimensions; d++) {
      joined[into + d] += area * vectors[from + d];
      joined[into + dimensions + d] += Math.sqrt(area) * deviation[from + d];
      overall[d] += (area * vectors[from + d]) / photographs.count;
    }
  }
  for (let at = 0; at < joined.length; at += 2 * dimensions) {
    for (let d = 0; d < dimensions; d++) joined[at + d] -= overall[d];
    // Both halves count the same.
    scaleTo(Math.SQRT1_2, joined.subarray(at, at + dimensions));
    scaleTo(Math.SQRT1_2, joined.subarray(at + dimensions, at + 2 * dimensions));
  }
  return joined;
}

function scaleTo(length: number, vector: Float32Array): void {
  const present = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (present > 0) vector.forEach((value, d) => (vector[d] = (value * length) / present));
}
