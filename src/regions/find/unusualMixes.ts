import type { RankedItems, RegionOverview } from '../../domain/regions.ts';
import { unpaced, type Pace } from './pace.ts';
import { ranked } from './ranked.ts';

/** Others that a photograph is compared with: those with the most similar mix. */
const OTHERS = 10;

/**
 * All photographs by how far their mix of prototypes is from the nearest others: the mean, over ten of them, of the fraction of the
 * area that another prototype has.
 */
export async function unusualMixes(
  { photographs, regions, origin }: RegionOverview,
  pace: Pace = unpaced,
): Promise<RankedItems> {
  const { count, regionStarts } = photographs;
  const regionsOf = regionsByPrototype(regions.prototype, origin.prototypes);
  const shared = new Float32Array(count);
  const distances = new Float32Array(count);
  for (let image = 0; image < count; image++) {
    shared.fill(0);
    for (let row = regionStarts[image]; row < regionStarts[image + 1]; row++) {
      const area = regions.area[row];
      for (const other of regionsOf[regions.prototype[row]]) {
        shared[regions.image[other]] += Math.min(area, regions.area[other]);
      }
    }
    shared[image] = 0;
    if (count > 1) distances[image] = 1 - meanOfLargest(shared, Math.min(OTHERS, count - 1));
    await pace(image / count);
  }
  return ranked(distances);
}

function regionsByPrototype(prototype: Uint16Array, prototypes: number): number[][] {
  const regionsOf = Array.from({ length: prototypes }, (): number[] => []);
  prototype.forEach((one, row) => regionsOf[one].push(row));
  return regionsOf;
}

function meanOfLargest(values: Float32Array, count: number): number {
  // Ascending.
  const largest = new Float32Array(count);
  for (const value of values) {
    if (value <= largest[0]) continue;
    let at = 0;
    for (; at + 1 < count && largest[at + 1] < value; at++) largest[at] = largest[at + 1];
    largest[at] = value;
  }
  return largest.reduce((sum, value) => sum + value, 0) / count;
}
