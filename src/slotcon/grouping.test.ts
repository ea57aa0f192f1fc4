import { describe, expect, it } from 'vitest';
import { computeOnCpu, goldenArgs, goldenMap, goldenTensor } from '../testing/goldenStep.ts';
import { relativeError } from '../testing/parity/compare.ts';
import { presentSlots, semanticGrouping } from './grouping.ts';

describe('semanticGrouping on the published numbers', () => {
  it.each([
    ['student, view 1', 'fwd/x1', 'init/grouping_q', 'q1'],
    ['student, view 2', 'fwd/x2', 'init/grouping_q', 'q2'],
    ['teacher, view 1', 'fwd/y1', 'teacher_after/grouping_k', 'k1'],
    ['teacher, view 2', 'fwd/y2', 'teacher_after/grouping_k', 'k2'],
  ])('%s', async (_, z, prototypes, name) => {
    const inputs = { z: goldenMap(z), prototypes: goldenTensor(`${prototypes}.slot_embed.weight`) };
    const { dots, slots, assignment } = await computeOnCpu(inputs, (tensors) => {
      const { dots, slots, assignment } = semanticGrouping(tensors.z, tensors.prototypes, goldenArgs.teacher_temp);
      return { dots, slots, assignment };
    });
    expect(relativeError(dots, goldenMap(`fwd/score_${name}`).data)).toBeLessThan(1e-5);
    expect(relativeError(slots, goldenTensor(`fwd/${name}`).data)).toBeLessThan(1e-5);
    for (let cell = 0; cell < assignment.length; cell += goldenArgs.num_prototypes) {
      const sum = assignment.subarray(cell, cell + goldenArgs.num_prototypes).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });
});

it.each(['1', '2'])('presentSlots finds the keys of the published slot loss in view %s', async (view) => {
  const { present } = await computeOnCpu({ dots: goldenMap(`fwd/score_k${view}`) }, ({ dots }) => ({
    present: presentSlots(dots),
  }));
  const other = view === '1' ? 'ctr_q2_k1' : 'ctr_q1_k2';
  expect([...present]).toEqual([...goldenTensor(`fwd/${other}/mask_k`).data]);
});
