import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ENGINE_NAMES } from '../../ops/createEngine.ts';
import { testEngine } from '../testEngine.ts';
import { findGoldens } from './goldens.node.ts';
import { ITEMS, runParity } from './runParity.ts';

/** Parity with the published implementation, on the best adapter of this machine. */
describe.each(ENGINE_NAMES)('parity with the published code, %s engine', (name) => {
  const [set] = findGoldens(fileURLToPath(new URL('../goldens', import.meta.url))).values();
  const opened = testEngine(name);

  test.each(ITEMS)(
    '%s',
    async (item) => {
      const engine = opened();
      const before = engine.tensorCount();
      const results = await runParity(engine, set, item);
      const failed = Object.entries(results).filter(([, comparison]) => !comparison.ok);
      expect(Object.keys(results).length).toBeGreaterThan(0);
      expect(failed).toEqual([]);
      expect(engine.tensorCount(), 'tensors left behind').toBe(before);
      // Twenty steps on a software adapter that may be shared.
    },
    600_000,
  );
});
