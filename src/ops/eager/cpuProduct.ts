/** Products of matrices in double precision, as fast as plain loops are. */

/** Rows and columns of a product that are summed at a time: as many as a processor has registers for. */
const ROWS = 2;
const COLUMNS = 4;

const roundUp = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

/** Number of rows that a product's first operand and its sums must have room for. */
export const heightOf = (rows: number): number => roundUp(rows, ROWS);
/** Length of a row of sums. */
export const widthOf = (columns: number): number => roundUp(columns, COLUMNS);

/** A matrix in strips of `COLUMNS` columns, the last one filled up with zeros: [strips, rows, COLUMNS]. */
export function pack(
  values: Float32Array,
  from: number,
  [rows, columns]: readonly [number, number],
  [rowStride, columnStride]: readonly [number, number],
): Float64Array {
  const packed = new Float64Array(rows * widthOf(columns));
  for (let column = 0; column < columns; column++) {
    const strip = (column - (column % COLUMNS)) * rows + (column % COLUMNS);
    for (let row = 0; row < rows; row++)
      packed[strip + row * COLUMNS] = values[from + row * rowStride + column * columnStride];
  }
  return packed;
}

/** Adds a [rows, inner] times a packed matrix [inner, columns] to `sums`, whose rows have the length `widthOf(columns)`. */
export function product(
  a: Float64Array,
  packed: Float64Array,
  [rows, inner, columns]: readonly [number, number, number],
  sums = new Float64Array(heightOf(rows) * widthOf(columns)),
): Float64Array {
  const width = widthOf(columns);
  for (let row = 0; row < rows; row += ROWS) {
    for (let column = 0; column < columns; column += COLUMNS) {
      // Arrays that are taken apart here would make it three times as long.
      let above0 = 0;
      let above1 = 0;
      let above2 = 0;
      let above3 = 0;
      let below0 = 0;
      let below1 = 0;
      let below2 = 0;
      let below3 = 0;
      let at = column * inner;
      for (let k = row * inner; k < (row + 1) * inner; k++, at += COLUMNS) {
        const above = a[k];
        const below = a[k + inner];
        const b0 = packed[at];
        const b1 = packed[at + 1];
        const b2 = packed[at + 2];
        const b3 = packed[at + 3];
        above0 += above * b0;
        above1 += above * b1;
        above2 += above * b2;
        above3 += above * b3;
        below0 += below * b0;
        below1 += below * b1;
        below2 += below * b2;
        below3 += below * b3;
      }
      const place = row * width + column;
      sums[place] += above0;
      sums[place + 1] += above1;
      sums[place + 2] += above2;
      sums[place + 3] += above3;
      sums[place + width] += below0;
      sums[place + width + 1] += below1;
      sums[place + width + 2] += below2;
      sums[place + width + 3] += below3;
    }
  }
  return sums;
}
