import { expect, it } from 'vitest';
import { createConfusionCounter } from './confusionCounter.ts';

it('accumulates images by the mask values that occur, without void pixels', () => {
  const counter = createConfusionCounter(2, 255);
  counter.add(Uint16Array.of(0, 1, 1), Uint8Array.of(9, 255, 3));
  counter.add(Uint16Array.of(0, 0), Uint8Array.of(9, 3));
  const { confusion, values } = counter.result();
  expect(values).toEqual([3, 9]);
  expect([...confusion.counts]).toEqual([1, 2, 1, 0]);
});

it('refuses masks of another size, and photographs in place of masks', () => {
  const counter = createConfusionCounter(1);
  expect(() => counter.add([0], [0, 1])).toThrow('A mask of 2 pixels');
  const values = Array.from({ length: 257 }, (_, value) => value);
  expect(() => counter.add(new Uint16Array(257), values)).toThrow('more than 256 different values');
});
