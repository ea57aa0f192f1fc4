/** A closed line along the edges of pixels: its corners x, y, x, y, …; the first is not repeated. */
export type Ring = readonly number[];

/** East, south, west, north. */
const [STEP_X, STEP_Y] = [
  [1, 0, -1, 0],
  [0, 1, 0, -1],
];
const NORTH = 3;

/**
 * Traces the borders of all regions of equal labels, whose pixels are connected by their sides. Calls `visit` for each
 * ring, with a pixel that it encloses or, for a hole, that lies outside of it. The region is at the right hand: outer rings
 * run clockwise on the screen, holes counterclockwise. `labels` are [height,width].
 */
export function traceRings(
  labels: Uint16Array,
  width: number,
  height: number,
  visit: (ring: Ring, x: number, y: number) => void,
): void {
  const isInside = (x: number, y: number, label: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label;
  /** A bit per pixel whose left edge has been traced: every ring goes north somewhere. */
  const traced = new Uint32Array(Math.ceil((width * height) / 32));
  const trace = (startX: number, startY: number): number[] => {
    const label = labels[startY * width + startX];
    const ring: number[] = [];
    let [x, y, direction] = [startX, startY + 1, NORTH];
    do {
      if (direction === NORTH) {
        const pixel = (y - 1) * width + x;
        traced[pixel >>> 5] |= 1 << (pixel & 31);
      }
      x += STEP_X[direction];
      y += STEP_Y[direction];
      // The two pixels ahead, on the right and on the left hand.
      const [right, left] = AHEAD[direction];
      const before = direction;
      if (!isInside(x + right[0], y + right[1], label)) direction = (direction + 1) % 4;
      else if (isInside(x + left[0], y + left[1], label)) direction = (direction + 3) % 4;
      if (direction !== before) ring.push(x, y);
    } while (x !== startX || y !== startY + 1 || direction !== NORTH);
    return ring;
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (x > 0 && labels[at] === labels[at - 1]) continue;
      if (((traced[at >>> 5] >>> (at & 31)) & 1) === 0) visit(trace(x, y), x, y);
    }
  }
}

/** Per direction, offsets from a corner to the pixels ahead on the right and on the left hand. */
const AHEAD: readonly (readonly [right: readonly [number, number], left: readonly [number, number]])[] = [
  [
    [0, 0],
    [0, -1],
  ],
  [
    [-1, 0],
    [0, 0],
  ],
  [
    [-1, -1],
    [-1, 0],
  ],
  [
    [0, -1],
    [-1, -1],
  ],
];

/** Area inside, in pixels; negative for holes. */
export function signedArea(ring: Ring): number {
  let doubled = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length;
    doubled += ring[at] * ring[next + 1] - ring[next] * ring[at + 1];
  }
  return doubled / 2;
}
