import { expect, it } from 'vitest';
import { stripOverlay } from '../testing/overlays.ts';
import { countSlots, slotCounts } from './slotCounts.ts';

it('counts pixels by prototype, or by the first of their class; the same whether they were counted before', () => {
  const overlay = stripOverlay(0, [0, 0, 1, 1, 2, 2]);
  const counts = countSlots(overlay.grid, 4);
  expect([...counts].reduce((sum, held) => sum + held)).toBe(6 * 4 * 4);
  expect([counts[0] > 0, counts[3]]).toEqual([true, 0]);
  const leaders = Uint16Array.of(0, 1, 0, 3);
  const grid = { ...overlay.grid, leaders };
  for (const counted of [{ grid }, { grid, counts }]) {
    expect([...slotCounts(counted, 4)]).toEqual([counts[0] + counts[2], counts[1], 0, 0]);
  }
  expect(slotCounts({ grid: overlay.grid, counts }, 4)).toEqual(counts);
});
