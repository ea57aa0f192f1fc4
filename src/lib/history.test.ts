import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginHistory, edited, redone, undone, type History } from './history.ts';

it('undoes and redoes, and drops the redo list on an edit', () => {
  let history = edited(edited(beginHistory('a'), 'b'), 'c');
  history = undone(undone(undone(history)));
  expect(history.present).toBe('a');
  history = redone(history);
  expect(history.present).toBe('b');
  history = edited(history, 'd');
  expect(redone(history)).toBe(history);
  expect(undone(history).present).toBe('b');
});

it('returns to the same state after undo and redo, for random edits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.nat(30), (values, times) => {
      const all = values.reduce<History<number>>(edited, beginHistory(-1));
      const repeat = (count: number, change: typeof undone<number>, from: History<number>): History<number> =>
        Array.from({ length: count }).reduce<History<number>>(change, from);
      const back = repeat(times, undone, all);
      expect(back.present).toBe([-1, ...values].at(Math.max(0, values.length - times)));
      expect(repeat(times, redone, back)).toEqual(all);
    }),
    { seed: 1 },
  );
});

it('is limited to 200 past values', () => {
  const values = Array.from({ length: 500 }, (_, index) => index);
  expect(values.reduce<History<number>>(edited, beginHistory(-1)).past).toHaveLength(200);
});
