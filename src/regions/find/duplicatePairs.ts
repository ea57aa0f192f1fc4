import type { RankedPairs, RegionTable } from '../../domain/regions.ts';
import type { Random } from '../../lib/random.ts';
import { findNeighbors } from './neighbors.ts';
import { paceWithin, unpaced, type Pace } from './pace.ts';
import { comparePhotographs } from './photographDistance.ts';
import { deviations, photographVectors } from './photographVectors.ts';
import { ranked } from './ranked.ts';

/** Photographs that each is compared with, region by region: those whose vectors are nearest. */
const CANDIDATES = 20;
/** Distance below which photographs are the same: of any number of copies, each pair is found. */
const SAME = 0.01;
/** Keeps a ratio of tiny distances from being one of rounding errors. */
const ROUNDING = 0.002;

interface Pair {
  readonly image: number;
  readonly other: number;
  readonly distance: number;
}

/**
 * The `count` pairs of photographs that stand out most as repeating each other: 1 minus the distance of a pair over what is usual for
 * the two, each one's to its third nearest, so that scenes of which there are many alike are no duplicates. 0 and less is left out.
 */
export async function duplicatePairs(
  table: RegionTable,
  count: number,
  { random, pace = unpaced }: { readonly random: Random; readonly pace?: Pace },
): Promise<RankedPairs> {
  const pairs = await comparedPairs(table, random, pace);
  const distances = distancesOf(pairs, table.photographs.count);
  const values = Float32Array.from(pairs, ({ image, other, distance }) => {
    const [usual, otherUsual] = [image, other].map((one) => ROUNDING + usualDistance(distances[one], distance));
    return 1 - (distance + ROUNDING) / Math.sqrt(usual * otherUsual);
  });
  const best = ranked(values, count);
  const kept = best.values.findIndex((value) => value <= 0);
  const items = kept < 0 ? best.items : best.items.subarray(0, kept);
  return {
    pairs: Uint32Array.from([...items].flatMap((at) => [pairs[at].image, pairs[at].other])),
    values: best.values.slice(0, items.length),
  };
}

/** Distances of all pairs that may be near. */
async function comparedPairs(table: RegionTable, random: Random, pace: Pace): Promise<Pair[]> {
  const images = table.photographs.count;
  const deviation = deviations(table);
  const { points: near } = await findNeighbors(
    {
      ...photographVectors(table, deviation),
      groups: Uint32Array.from({ length: images }, (_, image) => image),
    },
    { perPoint: CANDIDATES, random, pace: paceWithin(pace, 0, 0.6) },
  );
  const nearOf = (image: number): Int32Array => near.subarray(image * CANDIDATES, (image + 1) * CANDIDATES);
  const distanceOf = comparePhotographs(table, deviation);
  const pairs: Pair[] = [];
  const compare = paceWithin(pace, 0.6, 1);
  for (let image = 0; image < images; image++) {
    for (const other of nearOf(image)) {
      const isDone = other < image && nearOf(other).includes(image);
      if (other < 0 || isDone) continue;
      const [first, second] = [Math.min(image, other), Math.max(image, other)];
      pairs.push({ image: first, other: second, distance: distanceOf(first, second) });
    }
    await compare(image / images);
  }
  return pairs;
}

/** Distances of each photograph to those that it was compared with, ascending. */
function distancesOf(pairs: readonly Pair[], images: number): readonly (readonly number[])[] {
  const distances = Array.from({ length: images }, (): number[] => []);
  for (const { image, other, distance } of pairs) {
    distances[image].push(distance);
    distances[other].push(distance);
  }
  for (const one of distances) one.sort((a, b) => a - b);
  return distances;
}

/** The third nearest; copies don't count but for the pair's own. Where there is none, photographs that have nothing in common. */
function usualDistance(ascending: readonly number[], own: number): number {
  const copies = own <= SAME ? ascending.findIndex((distance) => distance > SAME) : 1;
  return copies < 0 ? 1 : (ascending.at(copies + 1) ?? 1);
}
