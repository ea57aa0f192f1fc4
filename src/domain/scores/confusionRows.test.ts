import { expect, it } from 'vitest';
import { confusionRows } from './confusionRows.ts';

const confusion = { prototypes: 4, classes: 3, counts: Float64Array.of(1, 3, 0, 0, 0, 0, 6, 0, 2, 0, 0, 8) };

it('sorts rows and columns by size, with fractions of a prototype’s pixels', () => {
  const { columns, rows, left } = confusionRows(confusion, 10);
  expect(columns).toEqual([2, 0, 1]);
  expect(rows).toEqual([
    { prototype: 2, share: 0.4, shares: [0.25, 0.75, 0] },
    { prototype: 3, share: 0.4, shares: [1, 0, 0] },
    { prototype: 0, share: 0.2, shares: [0, 0.25, 0.75] },
  ]);
  expect(left).toMatchObject({ prototypes: 0, classes: 0 });
  expect(left.share).toBeCloseTo(0, 12);
});

it('counts the rows and columns beyond the max', () => {
  const { columns, rows, left } = confusionRows(confusion, 2);
  expect([columns, rows.map(({ prototype }) => prototype)]).toEqual([
    [2, 0],
    [2, 3],
  ]);
  expect(left).toMatchObject({ prototypes: 1, classes: 1 });
  expect(left.share).toBeCloseTo(0.2, 12);
});
