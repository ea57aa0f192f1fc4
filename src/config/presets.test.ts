import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from './defaults.ts';
import { FIELD_NAMES } from './fields.ts';
import { PRESET_NAMES, PRESETS, presetConfig, proposedPreset } from './presets.ts';
import { configWarnings } from './warnings.ts';

describe.each(PRESET_NAMES)('the preset "%s"', (name) => {
  it('is free of warnings', () => {
    expect(configWarnings(presetConfig(name))).toEqual([]);
  });

  it('lists only settings that differ from the published run', () => {
    const { config } = PRESETS[name];
    const same = FIELD_NAMES.filter((setting) => setting in config && config[setting] === DEFAULT_CONFIG[setting]);
    expect(same).toEqual([]);
  });
});

it('tiny differs from quick only in the amount of computation', () => {
  const [tiny, quick] = [presetConfig('tiny'), presetConfig('quick')];
  const changed = FIELD_NAMES.filter((name) => tiny[name] !== quick[name]);
  expect(changed).toEqual(['steps', 'batchSize', 'stages', 'blocksPerStage', 'hiddenDim']);
  // blocksPerStage 0 uses those of the architecture, two or more.
  for (const name of changed) expect(tiny[name]).toBeLessThan(Number(quick[name]) || 2);
});

it('each preset costs at least ten times the one before', () => {
  const costs = PRESET_NAMES.map((name) => PRESETS[name].expectedCost);
  for (const [index, cost] of costs.slice(1).entries()) expect(cost).toBeGreaterThan(10 * costs[index]);
});

it('the cost of the published run is that of ResNet-50', () => {
  // 4.09 G multiply-adds at 224 px without the classifier. Two views, 512 images, four passes, heads 1.29 G.
  expect(PRESETS.paper.expectedCost).toBeCloseTo(2 * 512 * 4 * 2 * (4.087 + 1.286 + 0.0064), -2);
});

it('proposes tiny for slow adapters', () => {
  expect([proposedPreset(true), proposedPreset(false)]).toEqual(['tiny', 'quick']);
});
