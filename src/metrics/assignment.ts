import { munkres } from 'munkres';

/**
 * Optimal assignment: every row of the rows × columns `values`, row-major, gets a column of its own so that the sum of
 * the chosen values is maximal. With more rows than columns, unassigned rows get −1.
 */
export function assignMaximal(values: Float64Array, rows: number, columns: number): Int32Array {
  const costs = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns).map((value) => -value),
  );
  const columnOf = new Int32Array(rows).fill(-1);
  if (columns > 0) for (const [row, column] of munkres(costs)) columnOf[row] = column;
  return columnOf;
}
