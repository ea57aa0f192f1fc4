import { expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { differingSettings, joinCurves } from './compareRuns.ts';
import { copyCurves } from './savedRun.ts';
import { createSeries } from './series.ts';
import { fakeRecord } from '../../testing/fakeRun.ts';

const config = presetConfig('tiny');

function curves(steps: readonly number[]) {
  const series = createSeries();
  for (const step of steps) series.push({ ...fakeRecord(step, config), loss: 10 * step });
  return copyCurves(series);
}

it('joins curves over all steps, without a value where a run has none', () => {
  const { steps, values } = joinCurves([curves([1, 2, 4]), curves([2, 3])], 'loss', 0);
  expect([...steps]).toEqual([1, 2, 3, 4]);
  expect(values).toEqual([
    [10, 20, undefined, 40],
    [undefined, 20, 30, undefined],
  ]);
});

it('lists the settings that differ, in the order of the fields', () => {
  const other = { ...config, prototypes: 8, steps: 7 };
  expect(differingSettings([config, other, config]).map(({ name, values }) => [name, values])).toEqual([
    ['steps', [String(config.steps), '7', String(config.steps)]],
    ['prototypes', [String(config.prototypes), '8', String(config.prototypes)]],
  ]);
  expect(differingSettings([config])).toEqual([]);
});
