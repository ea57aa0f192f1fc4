import { expect, it } from 'vitest';
import { createConfusionCounter } from './confusionCounter.ts';

it('adds pictures up by the values that occur, void pixels left out', () => {
  const tally = createConfusionCounter(2, 255);
  tally.add(Uint16Array.of(0, 1, 1), Uint8Array.of(9, 255, 3));
  tally.add(Uint16Array.of(0, 0), Uint8Array.of(9, 3));
  const { confusion, values } = tally.result();
  expect(values).toEqual([3, 9]);
  expect([...confusion.counts]).toEqual([1, 2, 1, 0]);
});

it('refuses masks of another size, and pictures in place of masks', () => {
  const tally = createConfusionCounter(1);
  expect(() => tally.add([0], [0, 1])).toThrow('A mask of 2 pixels');
  const values = Array.from({ length: 257 }, (_, value) => value);
  expect(() => tally.add(new Uint16Array(257), values)).toThrow('more than 256 different values');
});
