import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebGpuAdapter } from '../../gpu/device.ts';
import { runBenchmarks } from '../bench.ts';
import { TORCH_BENCHMARKS } from './torchBenchmarks.ts';
import { checkSameLosses, type FindTorch } from './torchStep.ts';
import { findTorch } from './torchStep.node.ts';

const ADAPTER = { device: { addEventListener: () => undefined } } as unknown as WebGpuAdapter;
const run = (find?: FindTorch) => runBenchmarks(TORCH_BENCHMARKS, ADAPTER, 1, () => undefined, find);

afterEach(() => vi.unstubAllEnvs());

describe('without PyTorch', () => {
  it('the comparisons are skipped with the remedy', async () => {
    vi.stubEnv('PYTHON', '/no/such/python3');
    const { rows, skipped } = await run(findTorch);
    expect(rows).toEqual([]);
    expect(skipped).toHaveLength(TORCH_BENCHMARKS.length);
    expect(skipped[0]).toEqual({
      name: 'step/quick against PyTorch',
      reason: expect.stringContaining('apt-get install python3-torch'),
      failed: false,
    });
  });

  it('in a browser they say that they need Node', async () => {
    const { skipped } = await run();
    expect(skipped[0]).toMatchObject({ reason: expect.stringContaining('--in node'), failed: false });
  });
});

it('losses of both sides may differ by rounding only', () => {
  expect(() => checkSameLosses('PyTorch', [5, 4], [5.004, 3.997])).not.toThrow();
  for (const theirs of [[5], [5, 4.005], [5, NaN]]) {
    expect(() => checkSameLosses('PyTorch', [5, 4], theirs)).toThrow(
      `PyTorch has other losses: ${theirs.join(', ')} instead of 5, 4`,
    );
  }
});
