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
 * Unit vectors that near-duplicate photographs have in common, also where one is mirrored: the mean of a photograph's regions by
 * area, the sum of their deviations, and its colors.
 */
export function photographVectors(
  table: RegionTable,
  deviation: Float32Array,
): { readonly vectors: Float32Array; readonly dimensions: number } {
  const { photographs, regions, vectors, origin } = table;
  const own = origin.dimensions;
  const dimensions = 2 * own + COLOR_NUMBERS;
  const joined = new Float32Array(photographs.count * dimensions);
  for (let row = 0; row < regions.count; row++) {
    const area = regions.area[row];
    const [from, into] = [row * own, regions.image[row] * dimensions];
    for (let d = 0; d < own; d++) {
      joined[into + d] += area * vectors[from + d];
      joined[into + own + d] += Math.sqrt(area) * deviation[from + d];
    }
  }
  for (let image = 0; image < photographs.count; image++) {
    joined.set(colorNumbers(table, image), image * dimensions + 2 * own);
  }
  const overall = new Float64Array(dimensions);
  joined.forEach((value, at) => (overall[at % dimensions] += value / photographs.count));
  joined.forEach((value, at) => (joined[at] = value - overall[at % dimensions]));
  for (let at = 0; at < joined.length; at += dimensions) {
    // All parts count the same.
    for (const [from, to] of [
      [0, own],
      [own, 2 * own],
      [2 * own, dimensions],
    ]) {
      scaleTo(Math.sqrt(1 / 3), joined.subarray(at + from, at + to));
    }
  }
  return { vectors: joined, dimensions };
}

/** Rows and columns that a photograph's colors are reduced to. */
const COARSE = 4;
const COLOR_NUMBERS = 3 * COARSE * COARSE;

/** Sums and absolute differences of the colors of a coarse grid and its mirror image, which its own mirror image has as well. */
function colorNumbers({ photographs, colors }: RegionTable, image: number): Float32Array {
  const { rows, columns, starts } = photographs.cells;
  const numbers = new Float32Array(COLOR_NUMBERS);
  const colorAt = (row: number, column: number, channel: number): number => {
    const y = Math.floor(((row + 0.5) * rows[image]) / COARSE);
    const x = Math.floor(((column + 0.5) * columns[image]) / COARSE);
    return colors[3 * (starts[image] + y * columns[image] + x) + channel];
  };
  let at = 0;
  for (let row = 0; row < COARSE; row++) {
    for (let column = 0; column < COARSE / 2; column++) {
      for (let channel = 0; channel < 3; channel++) {
        const [one, other] = [colorAt(row, column, channel), colorAt(row, COARSE - 1 - column, channel)];
        numbers[at++] = one + other;
        numbers[at++] = Math.abs(one - other);
      }
    }
  }
  return numbers;
}

function scaleTo(length: number, vector: Float32Array): void {
  const present = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (present > 0) vector.forEach((value, d) => (vector[d] = (value * length) / present));
}
