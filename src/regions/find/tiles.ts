import { dotTile } from '../../lib/dotTile.ts';
import { gatherRows } from './dots.ts';

/** Rows that are multiplied at a time, and others that they are multiplied with. */
const ROWS = 4;
const OTHERS = 64;

/** Called with the dots of a few rows and a tile of others: that of `rows[r]` and `others[o]` stands at `r · stride + o`. */
type OnDots = (rows: Uint32Array, others: Uint32Array, dots: Float32Array, stride: number) => void;

/** Computes the dots of all pairs of two sets of rows, piece by piece. The memory that it works in is used again. */
export function createTiles(dimensions: number) {
  const rowTile = new Float32Array(ROWS * dimensions);
  const otherTile = new Float32Array(OTHERS * dimensions);
  const dots = new Float32Array(ROWS * OTHERS);
  return async (
    [vectors, rows]: readonly [vectors: Float32Array, rows: Uint32Array],
    [otherVectors, others]: readonly [vectors: Float32Array, rows: Uint32Array],
    onDots: OnDots,
    pace: () => Promise<void>,
  ): Promise<void> => {
    for (let from = 0; from < others.length; from += OTHERS) {
      const some = others.subarray(from, from + OTHERS);
      gatherRows(otherVectors, some, dimensions, otherTile);
      const even = some.length + (some.length % 2);
      for (let at = 0; at < rows.length; at += ROWS) {
        const few = rows.subarray(at, at + ROWS);
        gatherRows(vectors, few, dimensions, rowTile);
        dotTile(rowTile, otherTile, even, dimensions, dots);
        onDots(few, some, dots, even);
      }
      await pace();
    }
  };
}
