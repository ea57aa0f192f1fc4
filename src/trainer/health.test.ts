import { expect, it } from 'vitest';
import type { StepRecord } from '../signals/metrics.ts';
import { stepRecord } from '../testing/fakeRun.ts';
import { judge } from './health.ts';

/** A healthy step 100 of the quick preset. */
const HEALTHY = stepRecord({
  step: 100,
  assignmentEntropy: 0.44,
  meanAssignmentEntropy: 0.88,
  agreement: 0.67,
  featureCosine: 0.79,
  biasRatio: 0.3,
  usedPrototypes: 8,
  usage: [0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.03, 0.02],
});

it.each<[string, Partial<StepRecord>, string, RegExp]>([
  ['forming', {}, 'good', /forming/],
  ['the dip', { step: 30, agreement: 0.55, assignmentEntropy: 0.68, usedPrototypes: 3 }, 'info', /aligning/],
  ['no slots yet', { agreement: 0.5 }, 'info', /no clear slots/],
  ['aligned features, from step 2 on', { step: 2, featureCosine: 0.96 }, 'alarm', /one way/],
  ['a dominating bias, from step 2 on', { step: 2, biasRatio: 0.9 }, 'alarm', /bias/],
  ['few slots, also with high agreement', { usedPrototypes: 3, agreement: 0.99 }, 'alarm', /3 of 8 hold 70%/],
  ['one big slot', { meanAssignmentEntropy: 0.5 }, 'alarm', /hold 70%/],
  ['undecided cells', { assignmentEntropy: 0.95 }, 'alarm', /everywhere/],
])('%s', (_, change, level, title) => {
  const verdict = judge({ ...HEALTHY, ...change });
  expect(verdict.level).toBe(level);
  expect(verdict.title).toMatch(title);
  expect(verdict.detail).toMatch(/\d/);
});
