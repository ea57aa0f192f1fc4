import { expect, it } from 'vitest';
import { gridOf } from '../testing/overlays.ts';
import { byStability, comparedLabels, recipeFacts } from './exploration.ts';

const halves = comparedLabels([gridOf([0, 0, 1, 1], 2, 2), gridOf([0, 0, 1, 1], 2, 2)]);

it('runs that divide images alike are stable, whatever the numbers of their prototypes', () => {
  const renamed = comparedLabels([gridOf([3, 3, 2, 2], 2, 2), gridOf([3, 3, 2, 2], 2, 2)]);
  expect(recipeFacts([halves, renamed])).toEqual({ stability: 1, slotsInUse: 2 });
});

it('runs that divide them independently are not', () => {
  const across = comparedLabels([gridOf([0, 1, 0, 1], 2, 2), gridOf([0, 1, 0, 1], 2, 2)]);
  expect(recipeFacts([halves, across]).stability).toBeCloseTo(0, 10);
});

it('half against a quarter, worked by hand', () => {
  // Entropies ln 2 and 0.5623, joint (¼, ¼, ½) 1.0397 nats.
  const facts = recipeFacts([Uint16Array.of(0, 0, 1, 1), Uint16Array.of(0, 1, 1, 1)]);
  expect(facts.stability).toBeCloseTo((2 * (0.6931472 + 0.5623351 - 1.0397208)) / (0.6931472 + 0.5623351), 6);
});

it('a slot below half a percent is not in use, and one run has no stability', () => {
  const tiny = new Uint16Array(1000).fill(1);
  tiny.fill(0, 0, 5).fill(2, 5, 11);
  expect(recipeFacts([tiny])).toEqual({ stability: undefined, slotsInUse: 2 });
});

it('the most stable comes first and the unfinished last', () => {
  const rows = [{ stability: 0.2 }, { stability: undefined }, { stability: 0.6 }].map((row) => ({
    ...row,
    slotsInUse: 1,
  }));
  expect(byStability(rows).map(({ stability }) => stability)).toEqual([0.6, 0.2, undefined]);
});
