import { describe, expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import type { Config } from './fields.ts';
import { makeConfig, parseGiven } from './parse.ts';
import { presetConfig } from './presets.ts';
import { SLOTS_BY_NAMES, slotsByOf } from './slotsBy.ts';
import { axisLabel, parseSweepAxis, sweepPoints } from './sweep/sweep.ts';

const quick = presetConfig('quick');

it.each(['tiny', 'quick'] as const)('%s is a bit of both', (preset) => {
  expect(slotsByOf(presetConfig(preset))).toBe('both');
});

it('a stop is found again from its values, and one other value makes it custom', () => {
  for (const name of SLOTS_BY_NAMES) {
    const { settings } = parseGiven('slots-by', name);
    const config = makeConfig(quick, settings);
    expect(slotsByOf(config)).toBe(name);
    for (const field of Object.keys(settings) as (keyof typeof settings)[]) {
      const other = { ...config, [field]: Number(config[field]) / 2 + 0.01 };
      expect(slotsByOf(other), `${name} with another ${field}`).toBe('custom');
    }
  }
});

describe('from one stop to the next', () => {
  const [color, both, shade, things] = SLOTS_BY_NAMES.map((name) => parseGiven('slotsBy', name).settings);

  it('colors change more, and at last the teacher is warmer', () => {
    // Strength times probability of each jitter.
    const strength = (of: Partial<Config>): number => (of.jitterProbability ?? 0) * (of.jitterBrightness ?? 0);
    expect([color, both, shade, things].map(strength)).toEqual([0, 0.8 * 0.4, 0.8 * 0.8, 0.8 * 0.8]);
    expect([color, both, shade, things].map((of) => of.teacherTemp)).toEqual([0.05, 0.05, 0.05, 0.07]);
    expect(shade).toMatchObject({ jitterContrast: 0.8, jitterSaturation: 0.4, jitterHue: 0.2, grayProbability: 0.1 });
  });
});

it('an unknown stop is refused with those there are', () => {
  const found = problemOf(() => parseGiven('slots-by', 'thing'));
  expect(found).toContain('config/range "Slots by" (slots-by) is "thing", but must be color, both, shade, things.');
  expect(found).toContain('Did you mean "things"?');
});

it('a sweep over stops has their settings in its points and their names in its labels', () => {
  const axis = parseSweepAxis('slots-by=color,things');
  expect([axis, axisLabel(axis.name)]).toEqual([{ name: 'slotsBy', values: ['color', 'things'] }, 'Slots by']);
  const points = sweepPoints([axis], 2, quick);
  expect(points.map(({ label }) => label)).toEqual([
    'slotsBy=color seed=0',
    'slotsBy=color seed=1',
    'slotsBy=things seed=0',
    'slotsBy=things seed=1',
  ]);
  expect(points[2].overrides).toEqual({ ...parseGiven('slotsBy', 'things').settings, seed: 0 });
  expect(points[0].overrides).toMatchObject({ jitterProbability: 0 });
});
