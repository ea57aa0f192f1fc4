import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { createRandom } from '../lib/random.ts';
import { effectiveRank } from '../metrics/effectiveRank.ts';
import { createHealthCounter } from './healthCounter.ts';

const config = makeConfig(presetConfig('tiny'), { prototypes: 3, outDim: 4, teacherTemp: 0.1 });

describe('measures of watched images', () => {
  it('match values computed by hand', () => {
    const counter = createHealthCounter(config, 2);
    const winners = [
      [0, 0, 1, 1],
      [2, 2, 2, 2],
    ];
    const dotsOf = (cells: number[]): Float32Array =>
      Float32Array.from(cells.flatMap((winner) => [0, 1, 2].map((k) => (k === winner ? 0.5 : 0.1))));
    const z = Float32Array.from({ length: 16 }, (_, at) => (at % 4 === Math.floor(at / 4) ? 2 : 0));
    counter.add({ dots: dotsOf(winners[0]), studentDots: dotsOf([0, 1, 1, 1]), z }, Uint16Array.from(winners[0]));
    counter.add({ dots: dotsOf(winners[1]), studentDots: dotsOf(winners[1]), z }, Uint16Array.from(winners[1]));
    const measures = counter.measures();
    expect(measures.activeSlots).toBe(1.5);
    // Fractions ¼, ¼, ½.
    expect(measures.usageEntropy).toBeCloseTo((1.5 * Math.log(2)) / Math.log(3), 10);
    expect(measures.holders).toBe(3);
    expect(measures.maxAssignment).toBeCloseTo(1 / (1 + 2 * Math.exp(-0.4 / 0.1)), 5);
    expect(measures.agreement).toBe(7 / 8);
    // Unit vectors along each of four axes: variance ¼ − 1/16 in each.
    expect(measures.featureStd).toBeCloseTo(Math.sqrt(3 / 16) * 2, 10);
    expect(effectiveRank(counter.features(), 4)).toBeCloseTo(4, 10);
  });

  it('samples large maps with many channels evenly', () => {
    const large = makeConfig(config, { outDim: 256 });
    const random = createRandom(1);
    const counter = createHealthCounter(large, 4);
    for (let image = 0; image < 4; image++) {
      const z = Float32Array.from({ length: 1600 * 256 }, () => random.normal());
      const dots = Float32Array.from({ length: 1600 * 3 }, () => random.next());
      counter.add({ dots, studentDots: dots, z }, new Uint16Array(1600));
    }
    const { featureStd, agreement } = counter.measures();
    expect(agreement).toBe(1);
    expect(featureStd).toBeCloseTo(1, 1);
    expect(effectiveRank(counter.features(), 256)).toBeGreaterThan(200);
  });
});
