import { expect, it } from 'vitest';
import { agreeingCells, holdersOf, labelFractions, relativeEntropyOf, sumOfLargestAssignments } from './usage.ts';

it('computes the fraction of each label', () => {
  expect([...labelFractions([0, 2, 2, 2], 4)]).toEqual([0.25, 0, 0.75, 0]);
});

it('is 1 for equal fractions and 0 for a single one', () => {
  expect(relativeEntropyOf(Float64Array.of(0.25, 0.25, 0.25, 0.25))).toBeCloseTo(1, 12);
  expect(relativeEntropyOf(Float64Array.of(0, 1, 0))).toBe(0);
  expect(relativeEntropyOf(Float64Array.of(0.5, 0.5, 0, 0))).toBeCloseTo(0.5, 12);
  expect(relativeEntropyOf(Float64Array.of(1))).toBe(0);
});

it('counts the min number of holders of a fraction', () => {
  const fractions = Float64Array.of(0.05, 0.6, 0.05, 0.3);
  expect([0.5, 0.6, 0.61, 0.9, 0.91, 1].map((part) => holdersOf(fractions, part))).toEqual([1, 1, 2, 2, 3, 4]);
});

it('sums the largest assignment of each cell', () => {
  const dots = Float32Array.of(0.3, -0.2, 0.1, 0.5, 0.5, 0.5);
  const [a, b, c] = [0.3, -0.2, 0.1].map((dot) => Math.exp(dot / 0.07));
  expect(sumOfLargestAssignments(dots, 3, 0.07)).toBeCloseTo(a / (a + b + c) + 1 / 3, 5);
});

it('counts the cells with the same winner, all of them for equal dots', () => {
  const one = Float32Array.of(0.1, 0.9, 0.8, 0.2, 0.3, 0.4);
  const other = Float32Array.of(-0.1, 0, 0.1, 0.2, 0.9, 0.4);
  expect(agreeingCells(one, other, 2)).toBe(1);
  expect(agreeingCells(one, one, 2)).toBe(3);
});
