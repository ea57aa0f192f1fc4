import type { MapBounds, MapPlace } from './mapWindow.ts';

// Plain loops over all points: a hundred thousand take a millisecond, and an index of them would first take thirty.

/** The point nearest to a place within a distance; the first of equal ones. `positions`: x, y of each point, [N,2]. */
export function nearestPoint(positions: Float32Array, { x, y }: MapPlace, within: number): number | undefined {
  let [nearest, least]: [number | undefined, number] = [undefined, within ** 2];
  for (let at = 0; at < positions.length; at += 2) {
    const distance = (positions[at] - x) ** 2 + (positions[at + 1] - y) ** 2;
    if (distance < least || (distance === least && nearest === undefined)) [nearest, least] = [at / 2, distance];
  }
  return nearest;
}

/** Points inside a closed polygon, ascending. */
export function pointsInside(positions: Float32Array, polygon: readonly MapPlace[]): Uint32Array {
  const { minX, minY, maxX, maxY } = boundsOf(Float32Array.from(polygon.flatMap(({ x, y }) => [x, y])));
  const found = new Uint32Array(positions.length / 2);
  let inside = 0;
  for (let at = 0; at < positions.length; at += 2) {
    const [x, y] = [positions[at], positions[at + 1]];
    if (x < minX || x > maxX || y < minY || y > maxY) continue;
    if (isInside(x, y, polygon)) found[inside++] = at / 2;
  }
  return found.subarray(0, inside);
}

/** True if a place is inside a closed polygon: a ray from it crosses an odd number of its sides. */
function isInside(x: number, y: number, polygon: readonly MapPlace[]): boolean {
  let inside = false;
  for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
    const [a, b] = [polygon[at], polygon[before]];
    if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}

export function boundsOf(positions: Float32Array): MapBounds {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 2) {
    minX = Math.min(minX, positions[at]);
    maxX = Math.max(maxX, positions[at]);
    minY = Math.min(minY, positions[at + 1]);
    maxY = Math.max(maxY, positions[at + 1]);
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : { minX: 0, minY: 0, maxX: 1, maxY: 1 };
}
