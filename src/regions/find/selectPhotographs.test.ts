import { expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { drawScene, drawScenes, tableOfScenes } from '../../testing/regions/drawnScenes.ts';
import { selectPhotographs } from './selectPhotographs.ts';

const options = { random: createRandom(0) };

it('chooses the few photographs with rare regions early, where random ones miss them', async () => {
  const random = createRandom('selection');
  // Of twelve prototypes eight are common.
  const scenes = drawScenes(300, random, 8);
  const rare = [8, 9, 10, 11].map((prototype) => drawScene(random, [...random.permutation(8).slice(0, 3), prototype]));
  const table = await tableOfScenes([...scenes, ...rare]);
  const { photographs, coverage, random: baseline, draws } = await selectPhotographs(table, 20, options);
  expect(photographs).toHaveLength(20);
  expect(new Set(photographs).size).toBe(20);
  expect([...photographs.subarray(0, 10)]).toEqual(expect.arrayContaining([300, 301, 302, 303]));
  expect(draws).toBe(10);
  for (const curve of [coverage, baseline]) {
    expect(curve).toHaveLength(20);
    expect(curve.every((value, at) => at === 0 || value >= curve[at - 1])).toBe(true);
  }
  expect(coverage[19]).toBeGreaterThan(baseline[19] + 0.1);
  expect((await selectPhotographs(table, 20, options)).coverage).toEqual(coverage);
});

it('of all photographs covers everything, copies too', async () => {
  const scenes = drawScenes(6, createRandom(1));
  const table = await tableOfScenes([...scenes, ...scenes]);
  const { photographs, coverage } = await selectPhotographs(table, 100, options);
  expect([...photographs].sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
  expect(coverage[5]).toBeCloseTo(1, 5);
  expect(coverage[11]).toBeCloseTo(1, 5);
});
