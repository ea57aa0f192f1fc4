import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Engine } from '../../ops/engine.ts';
import { findGoldens } from './goldens.node.ts';
import { runParity, type Item } from './runParity.ts';

const [SET] = findGoldens(fileURLToPath(new URL('../goldens', import.meta.url))).values();

/** Expects every quantity of a golden within its tolerance, and no tensor left behind. */
export async function expectParity(engine: Engine, item: Item): Promise<void> {
  const before = engine.tensorCount();
  const results = await runParity(engine, SET, item);
  const failed = Object.entries(results).filter(([, comparison]) => !comparison.ok);
  expect(Object.keys(results).length).toBeGreaterThan(0);
  expect(failed).toEqual([]);
  expect(engine.tensorCount(), 'tensors left behind').toBe(before);
}
