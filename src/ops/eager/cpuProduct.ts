import { dotTile } from '../../lib/dotTile.ts';

/** Rows of a product that are computed at a time, and what its columns are a multiple of, for `dotTile`. */
const ROWS = 4;
const COLUMNS = 2;

const roundUp = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

/** Number of rows that a product's first operand must have room for. */
export const heightOf = (rows: number): number => roundUp(rows, ROWS);
/** Length of a row of a product. */
export const widthOf = (columns: number): number => roundUp(columns, COLUMNS);

/** The columns of a matrix [rows, columns] as rows, in double precision: [widthOf(columns), rows]. */
export function columnsOf(
  values: Float32Array,
  [rows, columns]: readonly [number, number],
  [rowStride, columnStride]: readonly [number, number],
): Float64Array {
  const transposed = new Float64Array(widthOf(columns) * rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++)
      transposed[column * rows + row] = values[row * rowStride + column * columnStride];
  }
  return transposed;
}

/** Product of a [rows, inner] and a matrix given by its columns, in double precision: rows of the length `widthOf(columns)`. */
export function product(
  a: Float64Array,
  columnsOfB: Float64Array,
  [rows, inner, columns]: readonly [number, number, number],
): Float64Array {
  const width = widthOf(columns);
  const result = new Float64Array(heightOf(rows) * width);
  for (let row = 0; row < rows; row += ROWS) {
    const four = a.subarray(row * inner, (row + ROWS) * inner);
    dotTile(four, columnsOfB, width, inner, result.subarray(row * width, (row + ROWS) * width));
  }
  return result;
}
