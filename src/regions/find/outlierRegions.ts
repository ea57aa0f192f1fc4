import type { RankedItems, RegionTable } from '../../domain/regions.ts';
import type { Neighbors } from './neighbors.ts';
import { ranked } from './ranked.ts';

/**
 * All regions by their mean distance (1 − cosine) to their nearest neighbors in other photographs, times √area: slivers along edges
 * are like nothing else, and there are many of them.
 */
export function outlierRegions({ regions }: RegionTable, { cosines, perPoint }: Neighbors): RankedItems {
  const values = regions.area.map((area, row) => {
    const own = cosines.subarray(row * perPoint, (row + 1) * perPoint);
    return Math.sqrt(area) * own.reduce((sum, cosine) => sum + (1 - cosine) / perPoint, 0);
  });
  return ranked(values);
}
