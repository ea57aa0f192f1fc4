import { expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatGflop,
  formatPercent,
  formatRoughDuration,
  formatTick,
  formatValue,
} from './format.ts';

it('rounds numbers for reading', () => {
  expect([5.17568, 0.01234, 12.345, 1234.5, 1e-6, 0, NaN].map(formatValue)).toEqual([
    '5.18',
    '0.012',
    '12.3',
    '1,235',
    '1.0e-6',
    '0',
    '–',
  ]);
  const ticks = [
    [0.8, 0.2],
    [0.25, 0.25],
    [3, 1],
    [2e-5, 1e-5],
    [0.30000000000000004, 0.1],
    [0.9525, 0.0025],
  ].map(([value = 0, increment = 1]) => formatTick(value, increment));
  expect(ticks).toEqual(['0.8', '0.25', '3', '2e-5', '0.3', '0.9525']);
});

it('writes durations with two units', () => {
  expect([42, 200, 7500, NaN].map(formatDuration)).toEqual(['42 s', '3 min 20 s', '2 h 05 min', '–']);
  expect([3, 42, 200, 7500, 1e6].map(formatRoughDuration)).toEqual(['3 s', '40 s', '3 min', '2 h', '12 days']);
});

it('writes fractions and costs', () => {
  expect([0, 0.004, 0.126, 1].map(formatPercent)).toEqual(['0%', '<1%', '13%', '100%']);
  expect([0.828, 11.1, 44057].map(formatGflop)).toEqual(['0.83 GFLOP', '11 GFLOP', '44 TFLOP']);
});

it('writes sizes of files', () => {
  expect([260, 28_000, 499_000, 12_300_000, 345e6, 0.75e9].map(formatBytes)).toEqual([
    ...['0.26 kB', '28 kB', '499 kB', '12 MB', '345 MB', '0.75 GB'],
  ]);
});
