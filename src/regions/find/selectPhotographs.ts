import type { RegionTable, Selection } from '../../domain/regions.ts';
import type { Random } from '../../lib/random.ts';
import { createCoverage } from './coverage.ts';
import { paceWithin, unpaced, type Pace } from './pace.ts';
import { createTiles } from './tiles.ts';

/** Random selections that the baseline is the mean of. */
const DRAWS = 10;

/** Chooses `count` photographs whose regions cover those of all, and compares them with as many random ones. */
export async function selectPhotographs(
  table: RegionTable,
  count: number,
  { random, pace = unpaced }: { readonly random: Random; readonly pace?: Pace },
): Promise<Selection> {
  const wanted = Math.min(count, table.photographs.count);
  const photographs = await chooseFarthest(table, wanted, paceWithin(pace, 0, 0.5));
  const measure = createCoverage(table, random);
  const coverage = await measure(photographs, paceWithin(pace, 0.5, 0.55));
  const sums = new Float64Array(wanted);
  for (let draw = 0; draw < DRAWS; draw++) {
    const order = Uint32Array.from(random.permutation(table.photographs.count).slice(0, wanted));
    const from = 0.55 + (0.45 * draw) / DRAWS;
    (await measure(order, paceWithin(pace, from, from + 0.45 / DRAWS))).forEach((value, at) => (sums[at] += value));
  }
  return { photographs, coverage, random: Float32Array.from(sums, (sum) => sum / DRAWS), draws: DRAWS };
}

/**
 * Greedy k-center: each time the photograph of the region that is farthest from those of all chosen ones. Distances count more for
 * rare prototypes, √(1 / regions of the prototype), and a little less for small regions, ∜area, which are often mere edges.
 */
async function chooseFarthest(
  { photographs, regions, vectors, origin: { dimensions, prototypes } }: RegionTable,
  count: number,
  pace: Pace,
): Promise<Uint32Array> {
  const ofPrototype = new Uint32Array(prototypes);
  for (const prototype of regions.prototype) ofPrototype[prototype]++;
  const weights = Float32Array.from(regions.area, (area, row) =>
    Math.sqrt(Math.sqrt(area) / ofPrototype[regions.prototype[row]]),
  );
  const rows = Uint32Array.from({ length: regions.count }, (_, row) => row);
  const distances = new Float32Array(regions.count).fill(1);
  const multiply = createTiles(dimensions);
  const chosen: number[] = [];
  while (chosen.length < count) {
    const image = regions.image[farthest(weights, distances)];
    chosen.push(image);
    const own = rows.subarray(photographs.regionStarts[image], photographs.regionStarts[image + 1]);
    await multiply(
      [vectors, rows],
      [vectors, own],
      (few, some, dots, stride) => {
        few.forEach((row, r) => {
          for (let o = 0; o < some.length; o++) distances[row] = Math.min(distances[row], 1 - dots[r * stride + o]);
        });
      },
      () => pace(chosen.length / count),
    );
    // Not again, even where copies leave nothing else.
    for (const row of own) distances[row] = -Infinity;
  }
  return Uint32Array.from(chosen);
}

function farthest(weights: Float32Array, distances: Float32Array): number {
  let best = 0;
  for (let row = 1; row < weights.length; row++) {
    if (weights[row] * distances[row] > weights[best] * distances[best]) best = row;
  }
  return best;
}
