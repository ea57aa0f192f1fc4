import { describe, test } from 'vitest';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { testAdapter } from '../gpu.ts';
import { testEngine } from '../testEngine.ts';
import { expectParity } from './expectParity.ts';
import { ITEMS } from './runParity.ts';

/** Parity with the published implementation, of each engine where it trains: the eager one where there is no WebGPU. */
describe.each([
  { name: 'compiled', where: 'the best adapter', adapter: testAdapter, items: ITEMS },
  { name: 'eager', where: 'the CPU', adapter: CPU_ADAPTER, items: ITEMS },
  // CPU adapters compile the kernels of tfjs for longer than they compute.
  { name: 'eager', where: 'the best adapter', adapter: testAdapter, items: ['ops'] },
] as const)('parity with the published code, $name engine on $where', ({ name, adapter, items }) => {
  const opened = testEngine(name, adapter);

  // Twenty steps on the CPU, or on a software adapter that may be shared.
  test.each(items)('%s', (item) => expectParity(opened(), item), 600_000);
});
