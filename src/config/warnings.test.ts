import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from './defaults.ts';
import { makeConfig } from './parse.ts';
import { presetConfig } from './presets.ts';
import { collapseMargin, configWarnings, memoryWarnings } from './warnings.ts';

describe('warnings', () => {
  it('collapse margin: the published head, and the small ones', () => {
    expect(collapseMargin(DEFAULT_CONFIG)).toBeCloseTo(11.37, 2);
    expect(collapseMargin(presetConfig('quick'))).toBeCloseTo(17.97, 2);
    expect(collapseMargin(presetConfig('tiny'))).toBeCloseTo(12.7, 1);
    expect(configWarnings(DEFAULT_CONFIG)).toEqual([]);
    expect(configWarnings(presetConfig('quick'))).toEqual([]);
    expect(configWarnings(presetConfig('tiny'))).toEqual([]);
  });

  it.each([
    [{ hiddenDim: 128, outDim: 32, headInitStd: 0.02 }, 'will almost surely collapse', 0.114],
    [{ hiddenDim: 256, outDim: 64, headInitStd: 0.02 }, 'may collapse', 0.08],
    // The published scale isn't enough for few channels.
    [{ hiddenDim: 256, outDim: 4, headInitStd: 0.02 }, 'will almost surely collapse', 0.113],
  ])('%j', (overrides, risk, remedy) => {
    const config = makeConfig(presetConfig('quick'), { lrFactor1d: 1, ...overrides });
    const [warning, ...others] = configWarnings(config);
    expect(others).toEqual([]);
    expect(warning).toContain(risk);
    expect(warning).toContain(`to ${remedy} `);
    expect(configWarnings({ ...config, headInitStd: remedy })).toEqual([]);
  });

  it('overlays larger than 1.5 training crops, which is where they stop helping', () => {
    const config = presetConfig('quick');
    expect(configWarnings({ ...config, overlaySize: 96 })).toEqual([]);
    expect(configWarnings({ ...config, overlaySize: 104 })).toEqual([
      expect.stringMatching(/"Overlay size" \(overlaySize\) 104 is more than 1\.5 times .* \(96\)/),
    ]);
  });

  it('memory beyond that of the machine, with what to lower', () => {
    const memory = { networks: 2 ** 30, kept: 2 ** 31, step: 2 ** 30 };
    expect(memoryWarnings(memory, 2 ** 32)).toEqual([]);
    expect(memoryWarnings(memory, undefined)).toEqual([]);
    expect(memoryWarnings(memory, 2 ** 31)).toEqual([
      expect.stringMatching(/takes 4\.0 GiB .* have 2\.0 GiB in all\. Lower "Batch size" .*"Hidden width"/),
    ]);
  });

  it('checks the margin for LARS only, and the teacher momentum for any optimizer', () => {
    const config = makeConfig(presetConfig('quick'), { optimizer: 'sgd', teacherMomentum: 0.89 });
    expect(configWarnings(config)).toEqual([expect.stringContaining('"Teacher momentum" (teacherMomentum) 0.89')]);
  });
});
