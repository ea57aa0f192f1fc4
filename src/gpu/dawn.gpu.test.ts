import { expect, it, vi } from 'vitest';
import { needsGpu, testAdapter, testDevice } from '../testing/gpu.ts';

needsGpu();

it('a software adapter is asked by timers whether it is done, which leaves the cores to it', async ({
  skip,
  onTestFinished,
}) => {
  skip('Deno' in globalThis, 'wgpu waits in threads of its own');
  skip(!testAdapter.software, 'waiting takes nothing from a GPU');
  const waits = vi.spyOn(globalThis, 'setImmediate');
  onTestFinished(() => waits.mockRestore());
  await testDevice().queue.onSubmittedWorkDone();
  const kinds = waits.mock.results.map(({ value }) => (value as object).constructor.name);
  expect(new Set(kinds)).toEqual(new Set(['Timeout']));
});
