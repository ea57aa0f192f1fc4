import type { Random } from '../../lib/random.ts';
import { fitKMeans } from '../../metrics/kmeans.ts';
import { gatherRows } from './dots.ts';
import type { Pace } from './pace.ts';
import { createTiles } from './tiles.ts';

/** Rows that the centers are found from. */
const FITTED = 2048;

/** Directions that rows of unit length gather around, [C,D], of unit length: k-means on some of the rows. */
export function fitCenters(
  vectors: Float32Array,
  rows: Uint32Array,
  dimensions: number,
  count: number,
  random: Random,
): Float32Array {
  const some = rows.length <= FITTED ? rows : sampleRows(rows, FITTED, random);
  const points = new Float32Array(some.length * dimensions);
  gatherRows(vectors, some, dimensions, points);
  const { centers } = fitKMeans(points, { clusters: count, dimensions, restarts: 1, maxIterations: 3 }, random);
  const directions = Float32Array.from(centers);
  for (let at = 0; at < directions.length; at += dimensions) {
    const one = directions.subarray(at, at + dimensions);
    const length = Math.hypot(...one) || 1;
    one.forEach((value, d) => (one[d] = value / length));
  }
  return directions;
}

export function sampleRows(rows: Uint32Array, count: number, random: Random): Uint32Array {
  return Uint32Array.from(random.permutation(rows.length).slice(0, count), (at) => rows[at]);
}

/** The nearest of the centers for each row. */
export async function nearestCenter(
  vectors: Float32Array,
  count: number,
  centers: Float32Array,
  dimensions: number,
  pace: Pace,
): Promise<Uint32Array> {
  const multiply = createTiles(dimensions);
  const nearest = new Uint32Array(count);
  const best = new Float32Array(count).fill(-Infinity);
  const all = Uint32Array.from({ length: centers.length / dimensions }, (_, center) => center);
  const PER_PIECE = 4096;
  for (let from = 0; from < count; from += PER_PIECE) {
    const rows = Uint32Array.from({ length: Math.min(PER_PIECE, count - from) }, (_, at) => from + at);
    await multiply(
      [vectors, rows],
      [centers, all],
      (few, some, dots, stride) => {
        for (let r = 0; r < few.length; r++) {
          const row = few[r];
          for (let o = 0; o < some.length; o++) {
            const dot = dots[r * stride + o];
            if (dot <= best[row]) continue;
            best[row] = dot;
            nearest[row] = some[o];
          }
        }
      },
      () => pace(from / count),
    );
  }
  return nearest;
}

/** Numbers by their label: those of label l are `members[starts[l] … starts[l + 1]]`, ascending. */
export function groupByLabel(numbers: Uint32Array, labels: Uint32Array, count: number): (label: number) => Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (const number of numbers) starts[labels[number] + 1]++;
  for (let label = 0; label < count; label++) starts[label + 1] += starts[label];
  const next = starts.slice();
  const members = new Uint32Array(numbers.length);
  for (const number of numbers) members[next[labels[number]]++] = number;
  return (label) => members.subarray(starts[label], starts[label + 1]);
}
