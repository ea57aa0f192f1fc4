import type { Ring } from './traceRings.ts';

/**
 * Joins rings into one closed line, for formats that have no holes, or no more than one line per object: each ring hangs on
 * a bridge that is walked there and back, and so encloses nothing. Readers that fill by the even-odd and by the nonzero
 * rule see the same, as holes run against their outer ring.
 */
export function joinRings(rings: readonly Ring[]): Ring {
  const sorted = rings.map(startLeft).sort((one, other) => one[0] - other[0]);
  let joined: number[] = [];
  for (const ring of sorted) joined = joined.length === 0 ? [...ring] : hang(joined, ring);
  return joined;
}

/** Rotates a ring so that it starts at its leftmost corner. */
function startLeft(ring: Ring): Ring {
  let start = 0;
  for (let at = 2; at < ring.length; at += 2) if (ring[at] < ring[start]) start = at;
  return [...ring.slice(start), ...ring.slice(0, start)];
}

/** Inserts a ring, whose corners all lie right of the leftmost corner of `line`, with the bridge to its first corner. */
function hang(line: number[], ring: Ring): number[] {
  const [x, y] = ring;
  const { after, footX, footY } = footOf(line, x, y);
  const isCorner = line[after] === footX && line[after + 1] === footY;
  const bridge = isCorner ? [...ring, x, y, footX, footY] : [footX, footY, ...ring, x, y, footX, footY];
  return [...line.slice(0, after + 2), ...bridge, ...line.slice(after + 2)];
}

interface Foot {
  /** Place of the corner that the foot follows. */
  readonly after: number;
  readonly footX: number;
  readonly footY: number;
}

/** The nearest place of the line straight to the left, so that the bridge crosses nothing; else its nearest corner. */
function footOf(line: readonly number[], x: number, y: number): Foot {
  let best: Foot | undefined;
  let nearest: Foot = { after: 0, footX: line[0], footY: line[1] };
  let nearestSquare = Infinity;
  for (let at = 0; at < line.length; at += 2) {
    const next = (at + 2) % line.length;
    const [fromX, fromY, toX, toY] = [line[at], line[at + 1], line[next], line[next + 1]];
    const square = (fromX - x) ** 2 + (fromY - y) ** 2;
    if (square < nearestSquare) {
      nearestSquare = square;
      nearest = { after: at, footX: fromX, footY: fromY };
    }
    if (fromY === toY || y < Math.min(fromY, toY) || y > Math.max(fromY, toY)) continue;
    const footX = fromX + ((y - fromY) * (toX - fromX)) / (toY - fromY);
    if (footX > x || (best !== undefined && footX <= best.footX)) continue;
    best = y === toY ? { after: next, footX: toX, footY: toY } : { after: at, footX, footY: y };
  }
  return best ?? nearest;
}
