import type { RankedItems } from '../../domain/regions.ts';
import type { Neighbors } from './neighbors.ts';
import { ranked } from './ranked.ts';

/** All regions by their mean distance (1 − cosine) to their nearest neighbors in other photographs. */
export function outlierRegions({ cosines, perPoint }: Neighbors): RankedItems {
  const distances = new Float32Array(cosines.length / perPoint);
  for (let row = 0; row < distances.length; row++) {
    let sum = 0;
    for (let at = row * perPoint; at < (row + 1) * perPoint; at++) sum += 1 - cosines[at];
    distances[row] = sum / perPoint;
  }
  return ranked(distances);
}
