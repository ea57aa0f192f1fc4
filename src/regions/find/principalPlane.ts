import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Random } from '../../lib/random.ts';
import { sampleRows } from './divideRows.ts';
import { gatherRows } from './dots.ts';

/** Rows that the plane is found from. */
const FITTED = 2000;
/** UMAP expects its first positions to be about that far from 0, and no two the same. */
const RADIUS = 10;
const JITTER = 1e-3;

/** Positions of the rows in the plane of the first two principal components of the vectors, [rows,2]. */
export function principalPlane(
  vectors: Float32Array,
  rows: Uint32Array,
  dimensions: number,
  random: Random,
): Float32Array {
  const some = rows.length <= FITTED ? rows : sampleRows(rows, FITTED, random);
  const points = new Float32Array(some.length * dimensions);
  gatherRows(vectors, some, dimensions, points);
  const means = new Float64Array(dimensions);
  points.forEach((value, at) => (means[at % dimensions] += value / some.length));
  const centered = Matrix.from1DArray(some.length, dimensions, points).subRowVector(means);
  const { eigenvectorMatrix } = new EigenvalueDecomposition(centered.transpose().mmul(centered), {
    assumeSymmetric: true,
  });
  // Ascending.
  const axes = [1, 2].map((at) => eigenvectorMatrix.getColumn(Math.max(0, dimensions - at)));
  const positions = new Float32Array(2 * rows.length);
  rows.forEach((row, at) => {
    axes.forEach((axis, side) => {
      positions[2 * at + side] = axis.reduce(
        (sum, value, d) => sum + value * (vectors[row * dimensions + d] - means[d]),
        0,
      );
    });
  });
  const largest = positions.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
  return positions.map((value) => (value * RADIUS) / largest + JITTER * random.normal());
}
