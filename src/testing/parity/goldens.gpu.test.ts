import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ENGINE_NAMES } from '../../ops/createEngine.ts';
import { testEngine } from '../testEngine.ts';
import { findGoldens } from './goldens.node.ts';
import { ITEMS, runParity } from './runParity.ts';

/** The published implementation's numbers, on the best adapter this machine has. */
describe.each(ENGINE_NAMES)('as the published code, %s engine', (name) => {
  const [set] = findGoldens(fileURLToPath(new URL('../goldens', import.meta.url))).values();
  const opened = testEngine(name);

  test.each(ITEMS)(
    '%s',
    async (item) => {
      const engine = opened();
      const before = engine.tensorCount();
      const results = await runParity(engine, set, item);
      const off = Object.entries(results).filter(([, comparison]) => !comparison.ok);
      expect(Object.keys(results).length).toBeGreaterThan(0);
      expect(off).toEqual([]);
      expect(engine.tensorCount(), 'tensors left behind').toBe(before);
      // Twenty steps on a software adapter that others may be using too.
    },
    600_000,
  );
});
