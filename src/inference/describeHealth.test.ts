import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import type { HealthMeasures } from '../domain/reports.ts';
import { defined } from '../lib/defined.ts';
import { HEALTHY } from '../testing/fakeRun.ts';
import { describeHealth } from './describeHealth.ts';

describe('describeHealth', () => {
  const tiny = presetConfig('tiny');
  const lineOf = (name: keyof HealthMeasures, change: Partial<HealthMeasures>, step = 100, prototypes = 16) =>
    defined(
      describeHealth({ ...HEALTHY, ...change }, { ...tiny, prototypes }, step).lines.find((line) => line.name === name),
    );

  it('is good for healthy measures', () => {
    expect(describeHealth(HEALTHY, tiny, 100).lines.map(({ level }) => level)).toEqual(Array(7).fill('good'));
  });

  it('reports a collapse to few prototypes with its numbers, after the dip only', () => {
    const few = { usageEntropy: 0.4, holders: 3 };
    const late = lineOf('usageEntropy', few);
    expect(late.level).toBe('alarm');
    expect(late.text).toMatch(/^3 of 16 prototypes hold 90% of pixels: collapsing\. Try/);
    expect(lineOf('usageEntropy', few, 40)).toMatchObject({ level: 'info' });
    // A few images can't show all of 256: half of the entropy equals that of 16 evenly used prototypes.
    expect(lineOf('usageEntropy', { usageEntropy: 0.5, holders: 14 }, 100, 256).level).toBe('good');
  });

  it.each<[keyof HealthMeasures, Partial<HealthMeasures>, string]>([
    ['featureStd', { featureStd: 0.2 }, 'alarm'],
    ['featureStd', { featureStd: NaN }, 'alarm'],
    ['effectiveRank', { effectiveRank: 1.2 }, 'alarm'],
    ['effectiveRank', { effectiveRank: 4 }, 'warning'],
    ['maxAssignment', { maxAssignment: 0.1 }, 'alarm'],
    ['maxAssignment', { maxAssignment: 0.3 }, 'info'],
    ['agreement', { agreement: 0.3 }, 'warning'],
    ['activeSlots', { activeSlots: 1 }, 'warning'],
    ['colorAgreement', { colorAgreement: 0.6 }, 'info'],
  ])('%s %j: %s', (name, change, level) => expect(lineOf(name, change).level).toBe(level));
});
