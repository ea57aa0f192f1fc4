import { describe, expect, it } from 'vitest';
import { goldenArgs, goldenMap, goldenTensor, goldenTolerance } from '../testing/goldenStep.ts';
import { compare } from '../testing/parity/compare.ts';
import { assign, normalized, poolSlot } from './poolSlots.ts';
import { cellColors, regionsOf } from './regionPass.ts';

const shape = {
  dimensions: goldenArgs.dim_out,
  prototypes: goldenArgs.num_prototypes,
  temperature: goldenArgs.teacher_temp,
};

describe.each(['1', '2'])('on the published numbers of view %s', (view) => {
  const [z, dots] = [goldenMap(`fwd/y${view}`), goldenMap(`fwd/score_k${view}`)];
  const [images, cells] = z.shape;
  const slots = goldenTensor(`fwd/k${view}`).data;
  const limit = goldenTolerance('fwd');
  const partOf = (values: Float32Array, image: number): Float32Array =>
    values.subarray((image * values.length) / images, ((image + 1) * values.length) / images);

  it('slots are those of the published code', () => {
    for (let image = 0; image < images; image++) {
      const assignment = assign(partOf(dots.data, image), shape);
      const pooled = Array.from({ length: shape.prototypes }, (_, prototype) =>
        poolSlot(partOf(z.data, image), assignment, prototype, shape),
      );
      const ours = Float32Array.from(pooled.flatMap((slot) => [...slot]));
      expect(compare(ours, partOf(slots, image), limit)).toMatchObject({ ok: true });
    }
  });

  it('regions are the present slots at unit length', () => {
    const present = goldenTensor(`fwd/${view === '1' ? 'ctr_q2_k1' : 'ctr_q1_k2'}/mask_k`).data;
    const side = Math.sqrt(cells);
    const found = Array.from({ length: images }, (_, image) => {
      const { regions } = regionsOf(partOf(z.data, image), partOf(dots.data, image), side, side, shape);
      expect(regions.reduce((sum, { area }) => sum + area, 0)).toBeCloseTo(1);
      return regions.map((region) => ({ ...region, row: image * shape.prototypes + region.prototype }));
    }).flat();
    const rows = [...present.keys()].filter((row) => present[row] === 1);
    expect(found.map(({ row }) => row)).toEqual(rows);
    for (const { row, vector } of found) {
      const theirs = normalized(slots.slice(row * shape.dimensions, (row + 1) * shape.dimensions));
      expect(compare(vector, theirs, limit)).toMatchObject({ ok: true });
    }
  });
});

it('measures area, box and confidence by the cells that a prototype wins', () => {
  // 2 × 3 cells; prototype 1 wins the left column and the cell in the lower middle.
  const winners = [1, 0, 0, 1, 1, 0];
  const dots = Float32Array.from(winners.flatMap((winner) => (winner === 1 ? [0, 1] : [1, 0])));
  const z = Float32Array.from({ length: 12 }, (_, at) => at);
  const { regions } = regionsOf(z, dots, 2, 3, { dimensions: 2, prototypes: 2, temperature: 1 });
  const confidence = Math.E / (1 + Math.E);
  expect(regions).toMatchObject([
    { prototype: 0, area: 0.5, box: [1 / 3, 0, 1, 1] },
    { prototype: 1, area: 0.5, box: [0, 0, 2 / 3, 1] },
  ]);
  for (const region of regions) {
    expect(region.confidence).toBeCloseTo(confidence);
    expect(Math.hypot(...region.vector)).toBeCloseTo(1);
  }
});

it('averages the color of each cell, of images with fewer pixels too', () => {
  const data = Uint8Array.from([10, 0, 255, 30, 0, 255, 0, 100, 1, 2, 100, 3]);
  expect([...cellColors({ width: 4, height: 1, data }, 1, 2)]).toEqual([20, 0, 255, 1, 100, 2]);
  expect([...cellColors({ width: 1, height: 1, data: data.subarray(0, 3) }, 1, 2)]).toEqual([10, 0, 255, 10, 0, 255]);
});
