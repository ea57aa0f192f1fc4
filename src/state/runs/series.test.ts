import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { fakeRecord } from '../../testing/fakeRun.ts';
import { createSeries } from './series.ts';

const config = presetConfig('tiny');
const records = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ ...fakeRecord(from + at, config), loss: from + at }));

describe('createSeries', () => {
  it('holds every step exactly until it is full', () => {
    const series = createSeries(8);
    records(1, 8).forEach(series.push);
    expect([...series.steps()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...series.values('loss')]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(series.values('usedShare')[0]).toBe(fakeRecord(1, config).usedPrototypes / config.prototypes);
  });

  it('averages neighbors when full, and every later point over as many steps', () => {
    const series = createSeries(8);
    records(1, 12).forEach(series.push);
    // Points of two steps each: (1,2) (3,4) (5,6) (7,8) (9,10) (11,12).
    expect([...series.values('loss')]).toEqual([1.5, 3.5, 5.5, 7.5, 9.5, 11.5]);
    expect([...series.steps()]).toEqual([1.5, 3.5, 5.5, 7.5, 9.5, 11.5]);
    expect(series.count()).toBe(12);
  });

  it('never outgrows its capacity and keeps the mean of a long run', () => {
    const series = createSeries(8, 4);
    records(1, 1000).forEach(series.push);
    const steps = series.steps();
    expect(steps.length).toBeLessThanOrEqual(8);
    expect(steps[0]).toBeLessThan(130);
    expect(steps.at(-1)).toBeGreaterThan(870);
    expect(series.recent().map(({ step }) => step)).toEqual([997, 998, 999, 1000]);
    expect(series.last()?.step).toBe(1000);
  });

  it('removes what came after the step that a run is continued from', () => {
    const series = createSeries(8);
    records(1, 6).forEach(series.push);
    series.truncate(4);
    expect([...series.steps()]).toEqual([1, 2, 3, 4]);
    expect(series.last()?.step).toBe(4);
    expect(series.count()).toBe(4);
    records(5, 5).forEach(series.push);
    expect([...series.steps()]).toEqual([1, 2, 3, 4, 5]);
  });

  it('calls its listeners until they unsubscribe', () => {
    const series = createSeries(8);
    let calls = 0;
    const unsubscribe = series.subscribe(() => calls++);
    records(1, 2).forEach(series.push);
    unsubscribe();
    series.clear();
    expect(calls).toBe(2);
    expect(series.count()).toBe(0);
    expect(series.steps()).toHaveLength(0);
  });
});
