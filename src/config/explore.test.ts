import { expect, it } from 'vitest';
import { stepGflop } from './cost.ts';
import { exploreConfig, explorePoints, exploreSteps, recipeLine, recipeOf } from './explore.ts';
import { presetConfig } from './presets.ts';

const quick = presetConfig('quick');

it('a run takes two minutes at the measured speed, at least 100 steps and at most those of the settings', () => {
  const speedOf = (steps: number): number => (steps * stepGflop(quick)) / 120;
  expect([10, 250.5, 5000].map((steps) => exploreSteps(quick, speedOf(steps)))).toEqual([100, 250, 300]);
});

it('four recipes with two seeds each, which differ in nothing else', () => {
  const points = explorePoints(exploreConfig({ ...quick, seed: 3 }, 120));
  expect(points.map((point) => `${recipeOf(point)} ${point.seed}`)).toEqual([
    'color 3',
    'color 4',
    'both 3',
    'both 4',
    'shade 3',
    'shade 4',
    'things 3',
    'things 4',
  ]);
});

it('a line says how stable a recipe is and what its slots do', () => {
  expect(recipeLine('shade', { stability: 0.627, slotsInUse: 9.5 })).toBe(
    'Mostly things · stability 0.63 · 9.5 slots in use · splits by: structure and strong colors · keeps together: light and shade',
  );
});
