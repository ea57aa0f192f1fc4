import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { createRandom } from '../lib/random.ts';
import type { HealthMeasures } from '../domain/reports.ts';
import { createHealthCounter, readHealth } from './watchedHealth.ts';

const config = makeConfig(presetConfig('tiny'), { prototypes: 3, outDim: 4, teacherTemp: 0.1 });

describe('the tally of watched images', () => {
  it('is that of plain computations', () => {
    const tally = createHealthCounter(config, 2);
    const winners = [
      [0, 0, 1, 1],
      [2, 2, 2, 2],
    ];
    const dotsOf = (cells: number[]): Float32Array =>
      Float32Array.from(cells.flatMap((winner) => [0, 1, 2].map((k) => (k === winner ? 0.5 : 0.1))));
    const z = Float32Array.from({ length: 16 }, (_, at) => (at % 4 === Math.floor(at / 4) ? 2 : 0));
    tally.add({ dots: dotsOf(winners[0]), studentDots: dotsOf([0, 1, 1, 1]), z }, Uint16Array.from(winners[0]));
    tally.add({ dots: dotsOf(winners[1]), studentDots: dotsOf(winners[1]), z }, Uint16Array.from(winners[1]));
    const measures = tally.measures();
    expect(measures.activeSlots).toBe(1.5);
    // Shares ¼, ¼, ½.
    expect(measures.usageEntropy).toBeCloseTo((1.5 * Math.log(2)) / Math.log(3), 10);
    expect(measures.holders).toBe(3);
    expect(measures.maxAssignment).toBeCloseTo(1 / (1 + 2 * Math.exp(-0.4 / 0.1)), 5);
    expect(measures.agreement).toBe(7 / 8);
    // Unit vectors along each of four axes: variance ¼ − 1/16 in each.
    expect(measures.featureStd).toBeCloseTo(Math.sqrt(3 / 16) * 2, 10);
    expect(measures.effectiveRank).toBeCloseTo(4, 10);
  });

  it('samples large maps with many channels evenly', () => {
    const large = makeConfig(config, { outDim: 256 });
    const random = createRandom(1);
    const tally = createHealthCounter(large, 4);
    for (let image = 0; image < 4; image++) {
      const z = Float32Array.from({ length: 1600 * 256 }, () => random.normal());
      const dots = Float32Array.from({ length: 1600 * 3 }, () => random.next());
      tally.add({ dots, studentDots: dots, z }, new Uint16Array(1600));
    }
    const { effectiveRank, featureStd, agreement } = tally.measures();
    expect(agreement).toBe(1);
    expect(featureStd).toBeCloseTo(1, 1);
    expect(effectiveRank).toBeGreaterThan(200);
  });
});

describe('health in words', () => {
  const HEALTHY: HealthMeasures = {
    ...{ activeSlots: 4, usageEntropy: 0.85, holders: 8, maxAssignment: 0.6, agreement: 0.9 },
    ...{ featureStd: 0.7, effectiveRank: 20 },
  };
  const tiny = presetConfig('tiny');
  const lineOf = (name: keyof HealthMeasures, change: Partial<HealthMeasures>, step = 100, prototypes = 16) =>
    readHealth({ ...HEALTHY, ...change }, { ...tiny, prototypes }, step).lines.find((line) => line.name === name)!;

  it('is good throughout where it is', () => {
    expect(readHealth(HEALTHY, tiny, 100).lines.map(({ level }) => level)).toEqual(Array(6).fill('good'));
  });

  it('names a collapse to few prototypes with its numbers, after the dip only', () => {
    const few = { usageEntropy: 0.4, holders: 3 };
    const late = lineOf('usageEntropy', few);
    expect(late.level).toBe('alarm');
    expect(late.text).toMatch(/^3 of 16 prototypes hold 90% of pixels: collapsing\. Try/);
    expect(lineOf('usageEntropy', few, 40)).toMatchObject({ level: 'info' });
    // A few images can't show all of 256: half of the entropy is as much as that of 16 evenly shared ones.
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
  ])('%s %j: %s', (name, change, level) => expect(lineOf(name, change).level).toBe(level));
});
