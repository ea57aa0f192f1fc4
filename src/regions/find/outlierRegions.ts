import type { RankedItems, RegionTable } from '../../domain/regions.ts';
import type { Neighbors } from './neighbors.ts';
import { ranked } from './ranked.ts';
import { colorDifference, regionColors } from './regionColors.ts';

/**
 * All regions by how they differ from their nearest neighbors in other photographs: in vector (1 − cosine), color and area, each as
 * a multiple of the mean of all regions. A vector alone says little of what training took away, such as the color, or never showed.
 * Times √area: slivers along edges are like nothing else, and there are many of them.
 */
export function outlierRegions(table: RegionTable, { points, cosines, perPoint }: Neighbors): RankedItems {
  const { area } = table.regions;
  const colors = regionColors(table);
  const sums = new Float64Array(PARTS * area.length);
  points.forEach((other, at) => {
    // Fewer than there could be.
    if (other < 0) return;
    const row = Math.floor(at / perPoint);
    sums[PARTS * row] += 1 - cosines[at];
    sums[PARTS * row + 1] += colorDifference(colors, row, other);
    sums[PARTS * row + 2] += Math.abs(area[row] - area[other]);
  });
  const usual = [0, 0, 0];
  sums.forEach((sum, at) => (usual[at % PARTS] += sum / area.length));
  const values = area.map((own, row) => {
    const multiples = usual.map((mean, part) => (mean > 0 ? sums[PARTS * row + part] / mean : 0));
    return (Math.sqrt(own) * multiples.reduce((sum, one) => sum + one, 0)) / PARTS;
  });
  return ranked(values);
}

/** Vector, color, area. */
const PARTS = 3;
