/** A number for every point of the scene. Scene units: the image is 96 × 96 of them at any resolution, y down. */
export type NoiseField = (x: number, y: number) => number;

/** Side of every scene in its own units. */
export const SCENE_SIZE = 96;

/** Uniform in [0, 1) for a lattice cell. */
export function cellHash(column: number, row: number, seed: number): number {
  return (cellBits(column, row, seed) >>> 0) / 4294967296;
}

/** 32 random bits for a lattice cell: two rounds of multiply and shift, the same on every machine. */
function cellBits(column: number, row: number, seed: number): number {
  let bits = Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(seed, 0x2545f491);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

/** Smooth noise in [0, 1) whose features are about one unit wide. */
export function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const across = fade(x - column);
  const down = fade(y - row);
  const top = mix(cellHash(column, row, seed), cellHash(column + 1, row, seed), across);
  const bottom = mix(cellHash(column, row + 1, seed), cellHash(column + 1, row + 1, seed), across);
  return mix(top, bottom, down);
}

/** Two octaves of value noise, in [0, 1). */
export function cloudNoise(x: number, y: number, seed: number): number {
  return 0.65 * valueNoise(x, y, seed) + 0.35 * valueNoise(x * 2.1, y * 2.1, seed + 1);
}

/** The cell of a jittered lattice that a point belongs to. */
export interface Cell {
  /** Distance to the nearest jittered center, in cells. */
  near: number;
  /** Distance to the second nearest. */
  next: number;
  /** The point relative to its center. */
  dx: number;
  dy: number;
  /** Uniform in [0, 1), one per cell. */
  value: number;
}

/** Worley noise on a unit lattice; fills and returns `cell`, so that no pixel allocates. */
export function findCell(x: number, y: number, seed: number, cell: Cell): Cell {
  const homeColumn = Math.floor(x);
  const homeRow = Math.floor(y);
  cell.near = cell.next = 9;
  for (let row = homeRow - 1; row <= homeRow + 1; row++) {
    for (let column = homeColumn - 1; column <= homeColumn + 1; column++) {
      // One hash per cell, for speed: 11 bits across, 11 down, 10 for the value.
      const bits = cellBits(column, row, seed);
      const dx = x - column - 0.15 - (0.7 / 2048) * (bits & 2047);
      const dy = y - row - 0.15 - (0.7 / 2048) * ((bits >>> 11) & 2047);
      const distance = dx * dx + dy * dy;
      if (distance < cell.near) {
        cell.next = cell.near;
        cell.near = distance;
        cell.dx = dx;
        cell.dy = dy;
        cell.value = (bits >>> 22) / 1024;
      } else if (distance < cell.next) cell.next = distance;
    }
  }
  cell.near = Math.sqrt(cell.near);
  cell.next = Math.sqrt(cell.next);
  return cell;
}

export function emptyCell(): Cell {
  return { near: 0, next: 0, dx: 0, dy: 0, value: 0 };
}

export function mix(from: number, to: number, amount: number): number {
  return from + (to - from) * amount;
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  return fade(clamp01((value - from) / (to - from)));
}

function fade(amount: number): number {
  return amount * amount * (3 - 2 * amount);
}
