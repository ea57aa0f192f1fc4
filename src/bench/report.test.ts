import { describe, expect, it } from 'vitest';
import { countRow, describeRow, median, short, toMarkdown, toRow } from './report.ts';

describe('the median', () => {
  it('is the middle by value, not by text or order', () => {
    expect(median([100, 9, 20])).toBe(20);
  });
  it('of an even number is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 10])).toBe(3.5);
  });
  it('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a row', () => {
  it('takes the median of the ratios of each round, not the ratio of the medians', () => {
    // The machine was four times slower in the second round, for both sides.
    const row = toRow('x', 'ms', [10, 40, 11], 'peer', [20, 120, 44]);
    expect(row).toMatchObject({ ours: 11, peer: 44, ratio: 3, min: 2, max: 4 });
  });
  it('needs as many rounds of each side', () => {
    expect(() => toRow('x', 'ms', [1, 2], 'peer', [1])).toThrow('"x": 2 rounds of ours, 1 of theirs');
  });
  it('of counts has a ratio that JSON can hold where ours is 0', () => {
    expect(countRow('x', 'a step', 0, 'peer', 540)).toMatchObject({ ours: 0, peer: 540, ratio: 540 });
    expect(countRow('x', 'a step', 0, 'peer', 0).ratio).toBe(1);
  });
  it('reads as a sentence', () => {
    const row = toRow('step', 'ms', [10, 10], 'tfjs', [25, 35]);
    expect(describeRow(row)).toBe('step: 10.0 ms, 3.00 × tfjs at 30.0 ms (2.50–3.50)');
    expect(describeRow({ ...row, gflops: 4, peerGflops: 1.25, fmaShare: 0.1 })).toMatch(
      /; 4\.00 and 1\.25 GFLOP\/s, 10% of the best FMA rate$/,
    );
  });
});

it('shows three digits of any size', () => {
  expect([0, 0.01234, 1.005, 99.96, 1234.5].map(short)).toEqual(['0', '0.0123', '1.00', '100.0', '1235']);
});

it('makes a table of a report', () => {
  const rows = [toRow('step', 'ms', [10], 'tfjs', [25])];
  const skipped = [{ name: 'large', reason: 'too slow', failed: false }];
  const text = toMarkdown({ adapter: 'llvmpipe', date: '2026-11-23T10:00:00.000Z', rows, skipped, fmaGflops: 42.2 });
  expect(text).toContain('llvmpipe, 2026-11-23');
  expect(text).toContain('42.2 GFLOP/s');
  expect(text).toContain('| step | 10.0 ms | 25.0 ms | tfjs | 2.50 | 2.50–2.50 |  |');
  expect(text).toContain('- large: too slow');
});
