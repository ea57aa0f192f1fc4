import { describe, expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { assignMaximal } from './assignment.ts';

/** Tries every assignment. */
function exhaustive(values: Float64Array, rows: number, columns: number, row = 0, taken = 0): number {
  if (row === rows) return 0;
  let best = rows > columns ? exhaustive(values, rows, columns, row + 1, taken) : -Infinity;
  for (let column = 0; column < columns; column++) {
    if (taken & (1 << column)) continue;
    const rest = exhaustive(values, rows, columns, row + 1, taken | (1 << column));
    best = Math.max(best, values[row * columns + column] + rest);
  }
  return best;
}

describe('assignMaximal', () => {
  it('beats the greedy choice', () => {
    // Greedy takes 9 and then 0; the other diagonal gives 8 + 7.
    expect([...assignMaximal(Float64Array.of(9, 8, 7, 0), 2, 2)]).toEqual([1, 0]);
  });

  it('leaves surplus rows unassigned', () => {
    expect([...assignMaximal(Float64Array.of(1, 5, 3), 3, 1)]).toEqual([-1, 0, -1]);
    expect([...assignMaximal(Float64Array.of(1, 5, 3), 1, 3)]).toEqual([1]);
  });

  it.each([
    [1, 1],
    [4, 4],
    [3, 6],
    [6, 3],
    [5, 5],
  ])('finds the best of all %i × %i assignments', (rows, columns) => {
    const random = createRandom(`${rows}×${columns}`);
    for (let trial = 0; trial < 40; trial++) {
      // Few distinct values make ties; negative ones must not matter.
      const values = Float64Array.from({ length: rows * columns }, () => random.integer(6) - 2);
      const chosen = assignMaximal(values, rows, columns);
      const columnsUsed = [...chosen].filter((column) => column >= 0);
      expect(new Set(columnsUsed).size).toBe(Math.min(rows, columns));
      const sum = chosen.reduce((total, column, row) => total + (column < 0 ? 0 : values[row * columns + column]), 0);
      // With more rows than columns every column must be taken, which the free choice above need not do.
      if (rows <= columns) expect(sum).toBe(exhaustive(values, rows, columns));
      else
        expect(sum).toBe(
          exhaustive(
            values.map((value) => value + 100),
            rows,
            columns,
          ) -
            100 * columns,
        );
    }
  });
});
