import simplify from 'simplify-js';
import { signedArea, type Ring } from './traceRings.ts';

/** Max distance in pixels between a border of pixels and its simplified line. */
const MAX_DISTANCE = 0.5;
/** A ring is simplified less where its region is narrow: by this fraction of area per length of border. */
const NARROW = 0.05;
/** A simplified ring whose area is off by more than this fraction is simplified less, or not at all. */
const MAX_AREA_ERROR = 0.01;

/**
 * Returns a ring of fewer corners, within half a pixel of the traced one. Stairs become slanted lines: corners at steps of
 * a single pixel are cut off in the middle of the step, as marching squares does, and what is straight is joined.
 */
export function simplifyRing(ring: Ring): Ring {
  const area = signedArea(ring);
  const points = cutStairs(ring);
  // Closed, so that its last side counts too.
  const closed = [...points, points[0]];
  const distance = Math.min(MAX_DISTANCE, (NARROW * Math.abs(area)) / lengthOf(ring));
  for (const part of [1, 0.5, 0.25]) {
    const corners = simplify(closed, part * distance, true).slice(0, -1);
    const simplified = corners.flatMap(({ x, y }) => [x, y]);
    if (Math.abs(signedArea(simplified) - area) <= MAX_AREA_ERROR * Math.abs(area)) return simplified;
  }
  return ring;
}

/** Sides of a traced ring are horizontal or vertical. */
function lengthOf(ring: Ring): number {
  let length = 0;
  for (let at = 0; at < ring.length; at += 2) length += sideOf(ring, at);
  return length;
}

/** Length of the side from the corner that begins at `at` to the next. */
function sideOf(ring: Ring, at: number): number {
  const next = (at + 2) % ring.length;
  return Math.abs(ring[next] - ring[at]) + Math.abs(ring[next + 1] - ring[at + 1]);
}

/** Middles of all sides, and the corners between two sides that are longer than a pixel. */
function cutStairs(ring: Ring): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  let before = sideOf(ring, ring.length - 2);
  for (let at = 0; at < ring.length; at += 2) {
    const side = sideOf(ring, at);
    const [x, y] = [ring[at], ring[at + 1]];
    if (before > 1 && side > 1) points.push({ x, y });
    const next = (at + 2) % ring.length;
    points.push({ x: (x + ring[next]) / 2, y: (y + ring[next + 1]) / 2 });
    before = side;
  }
  return points;
}
