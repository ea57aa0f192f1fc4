import { describe, test } from 'vitest';
import { ENGINE_NAMES } from '../../ops/createEngine.ts';
import { testEngine } from '../testEngine.ts';
import { expectParity } from './expectParity.ts';
import { ITEMS } from './runParity.ts';

/** Parity with the published implementation, on the best adapter of this machine. */
describe.each(ENGINE_NAMES)('parity with the published code, %s engine', (name) => {
  const opened = testEngine(name);

  // Twenty steps on a software adapter that may be shared.
  test.each(ITEMS)('%s', (item) => expectParity(opened(), item), 600_000);
});
