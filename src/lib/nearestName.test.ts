import { expect, it } from 'vitest';
import { nearestName } from './nearestName.ts';

const NAMES = ['batchSize', 'base-lr', 'seed', 'steps'];

it.each([
  ['batchsize', 'batchSize'],
  ['batcSize', 'batchSize'],
  ['sede', 'seed'],
  ['setps', 'steps'],
  ['lr', 'base-lr'],
  ['size', 'batchSize'],
])('%s → %s', (typed, meant) => {
  expect(nearestName(typed, NAMES)).toBe(meant);
});

it('suggests nothing for a different word', () => {
  expect(nearestName('quaternion', NAMES)).toBeUndefined();
});
