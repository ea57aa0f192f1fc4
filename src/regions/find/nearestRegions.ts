import type { RankedItems, RegionTable } from '../../domain/regions.ts';
import { dotOf } from './dots.ts';
import { ranked } from './ranked.ts';

/** The `count` other regions with the largest cosine to a region. Exact. */
export function nearestRegions({ regions, vectors, origin }: RegionTable, region: number, count: number): RankedItems {
  const cosines = new Float32Array(regions.count);
  for (let row = 0; row < regions.count; row++) cosines[row] = dotOf(vectors, region, vectors, row, origin.dimensions);
  // In front of all, and taken away.
  cosines[region] = Infinity;
  const { items, values } = ranked(cosines, count + 1);
  return { items: items.slice(1), values: values.slice(1) };
}
