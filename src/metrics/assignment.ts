/**
 * Optimal assignment (Hungarian method with potentials, Jonker–Volgenant row insertion, O(rows²·columns)): every row
 * of the rows × columns `values`, row-major, gets a column of its own so that the sum of the chosen values is greatest.
 * With more rows than columns the rows that are left out get −1.
 */
export function assignMaximal(values: Float64Array, rows: number, columns: number): Int32Array {
  if (rows <= columns) return assignRows((row, column) => -values[row * columns + column], rows, columns);
  const rowOf = assignRows((column, row) => -values[row * columns + column], columns, rows);
  const columnOf = new Int32Array(rows).fill(-1);
  rowOf.forEach((row, column) => (columnOf[row] = column));
  return columnOf;
}

/** Least total cost for rows ≤ columns. Index 0 of rows and columns is a dummy: the row that is being inserted. */
function assignRows(cost: (row: number, column: number) => number, rows: number, columns: number): Int32Array {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  /** The row that holds a column; 0: free. */
  const rowOf = new Int32Array(columns + 1);
  for (let inserted = 1; inserted <= rows; inserted++) {
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const cameFrom = new Int32Array(columns + 1);
    const visited = new Uint8Array(columns + 1);
    rowOf[0] = inserted;
    let at = 0;
    // Dijkstra over reduced costs, until a free column is reached.
    do {
      visited[at] = 1;
      const row = rowOf[at];
      let next = 0;
      for (let column = 1; column <= columns; column++) {
        if (visited[column]) continue;
        const reduced = cost(row - 1, column - 1) - rowPotential[row] - columnPotential[column];
        if (reduced < slack[column]) [slack[column], cameFrom[column]] = [reduced, at];
        if (next === 0 || slack[column] < slack[next]) next = column;
      }
      const step = slack[next];
      for (let column = 0; column <= columns; column++) {
        if (visited[column]) {
          rowPotential[rowOf[column]] += step;
          columnPotential[column] -= step;
        } else slack[column] -= step;
      }
      at = next;
    } while (rowOf[at] !== 0);
    // Shift the rows along the path by one column.
    for (; at !== 0; at = cameFrom[at]) rowOf[at] = rowOf[cameFrom[at]];
  }
  const columnOf = new Int32Array(rows);
  for (let column = 1; column <= columns; column++) if (rowOf[column] !== 0) columnOf[rowOf[column] - 1] = column - 1;
  return columnOf;
}
