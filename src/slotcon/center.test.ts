import { expect, it } from 'vitest';
import { computeOnCpu, goldenArgs, goldenMap, goldenTensor } from '../testing/goldenStep.ts';
import { relativeError } from '../testing/parity/compare.ts';
import { updatedCenter } from './center.ts';

it('updates the center as the published step does, by the unaligned dots of both views', async () => {
  const inputs = {
    center: goldenTensor('init/center'),
    first: goldenMap('fwd/score_k1'),
    second: goldenMap('fwd/score_k2'),
  };
  const { center } = await computeOnCpu(inputs, ({ center, first, second }) => ({
    center: updatedCenter(center, first.concat(second), goldenArgs.center_momentum),
  }));
  expect(relativeError(center, goldenTensor('center_after').data)).toBeLessThan(3e-6);
});
