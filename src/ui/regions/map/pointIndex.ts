import KDBush from 'kdbush';
import type { MapBounds, MapPlace } from './mapWindow.ts';

/** Finds points of the map by their place. */
export interface PointIndex {
  readonly bounds: MapBounds;
  /** The point nearest to a place within a distance. */
  nearest(place: MapPlace, within: number): number | undefined;
  /** Points inside a closed polygon, ascending. */
  inside(polygon: readonly MapPlace[]): Uint32Array;
}

/** Points that are looked through at once: large, so that a hundred thousand are sorted within some milliseconds. */
const NODE_SIZE = 1024;

/** `positions`: x, y of each point, [N,2]. */
export function createPointIndex(positions: Float32Array): PointIndex {
  const count = positions.length / 2;
  const bush = new KDBush(count, NODE_SIZE, Float32Array);
  for (let point = 0; point < count; point++) bush.add(positions[2 * point], positions[2 * point + 1]);
  // A tree of no points can't be finished.
  if (count > 0) bush.finish();
  return {
    bounds: boundsOf(positions),
    nearest: ({ x, y }, within) => {
      let [nearest, least]: [number | undefined, number] = [undefined, Infinity];
      for (const point of count > 0 ? bush.within(x, y, within) : []) {
        const distance = (positions[2 * point] - x) ** 2 + (positions[2 * point + 1] - y) ** 2;
        if (distance < least || (distance === least && point < (nearest ?? Infinity))) {
          [nearest, least] = [point, distance];
        }
      }
      return nearest;
    },
    inside: (polygon) => {
      if (count === 0 || polygon.length < 3) return new Uint32Array();
      const { minX, minY, maxX, maxY } = boundsOf(Float32Array.from(polygon.flatMap(({ x, y }) => [x, y])));
      const near = bush.range(minX, minY, maxX, maxY);
      const found = new Uint32Array(near.length);
      let inside = 0;
      for (const point of near) {
        if (isInside(positions[2 * point], positions[2 * point + 1], polygon)) found[inside++] = point;
      }
      return found.subarray(0, inside).sort();
    },
  };
}

/** True if a place is inside a closed polygon: a ray from it crosses an odd number of its sides. */
export function isInside(x: number, y: number, polygon: readonly MapPlace[]): boolean {
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
