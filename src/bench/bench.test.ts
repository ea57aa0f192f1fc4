import { describe, expect, it } from 'vitest';
import { CPU_ADAPTER, type WebGpuAdapter } from '../gpu/device.ts';
import { runBenchmarks, type Benchmark } from './bench.ts';
import { startCounting } from './gpuCounters.ts';
import { countRow } from './report.ts';
import { checkSameNumbers } from './sides.ts';
import { runSuite, selectBenchmarks } from './suite.ts';

const row = countRow('row', 'pieces', 1, 'peer', 2);

/** Device stub that reports errors. */
function adapterStub() {
  let complain: (event: { error: { message: string } }) => void = () => undefined;
  const device = { addEventListener: (_: string, listener: typeof complain) => (complain = listener) };
  const adapter = { backend: 'webgpu', description: 'stub', software: true, device } as unknown as WebGpuAdapter;
  return {
    adapter,
    complain: (message: string) => complain({ error: { message } }),
  };
}

describe('a run of benchmarks', () => {
  it('continues after one that fails or skips, and reports it', async () => {
    const { adapter, complain } = adapterStub();
    const lines: string[] = [];
    const benchmarks: Benchmark[] = [
      { name: 'broken', run: () => Promise.reject(new Error('no such kernel\nat line 3')) },
      { name: 'choosy', run: async (bench) => bench.skip('choosy', 'needs a GPU') },
      { name: 'refused', run: async () => complain('too many buffers') },
      { name: 'fine', run: async (bench) => bench.add(row) },
    ];
    const report = await runBenchmarks(benchmarks, adapter, 1, (line) => lines.push(line));
    expect(report).toMatchObject({
      adapter: 'stub',
      rows: [row],
      skipped: [
        { name: 'broken', reason: 'no such kernel', failed: true },
        { name: 'choosy', reason: 'needs a GPU', failed: false },
        { name: 'refused', reason: 'too many buffers', failed: true },
      ],
    });
    expect(report).not.toHaveProperty('fmaGflops');
    expect(lines.filter((line) => line.startsWith('['))).toEqual([
      '[1/4] broken',
      '[2/4] choosy',
      '[3/4] refused',
      '[4/4] fine',
    ]);
  });

  it('needs WebGPU', async () => {
    for (const adapter of [CPU_ADAPTER, undefined]) {
      await expect(runSuite(adapter, { rounds: 1 }, () => undefined)).rejects.toThrow('The benchmarks need WebGPU');
    }
  });

  it('selects those whose name contains the given text, or names all', () => {
    const benchmarks = ['step/quick', 'kernel/Linear'].map((name): Benchmark => ({ name, run: async () => undefined }));
    expect(selectBenchmarks(benchmarks, undefined)).toEqual(benchmarks);
    expect(selectBenchmarks(benchmarks, 'linear')).toEqual([benchmarks[1]]);
    expect(() => selectBenchmarks(benchmarks, 'norm')).toThrow(/contains "norm"[^]*step\/quick\n {2}kernel\/Linear/);
  });
});

describe('numbers of two sides', () => {
  const numbers = Float32Array.of(1, -2, 3, 4);
  it('may come in another order and be rounded otherwise', () => {
    expect(() => checkSameNumbers('peer', numbers, Float32Array.of(4.00001, 3, 1, -2))).not.toThrow();
  });
  it.each([
    ['missing', [1, -2, 3]],
    ['zero', [0, 0, 0, 0]],
    ['of another sign', [-1, 2, -3, -4]],
    ['no numbers', [NaN, -2, 3, 4]],
  ])('may not be %s', (_, theirs) => {
    expect(() => checkSameNumbers('peer', numbers, Float32Array.from(theirs))).toThrow('peer has other results');
  });
});

it('counts calls to a device, and bytes written to it, until it is stopped', () => {
  const pass = () => ({ dispatchWorkgroups: () => undefined });
  const device = {
    createBuffer: () => ({}),
    createCommandEncoder: () => ({ beginComputePass: pass }),
    queue: { submit: () => undefined, writeBuffer: () => undefined },
  } as unknown as GPUDevice;
  const work = (): void => {
    const buffer = device.createBuffer({ size: 4, usage: 0 });
    const encoding = device.createCommandEncoder().beginComputePass();
    encoding.dispatchWorkgroups(1);
    encoding.dispatchWorkgroups(1);
    device.queue.writeBuffer(buffer, 0, new Float32Array(3));
    device.queue.writeBuffer(buffer, 0, new Float32Array(9), 2, 5);
    device.queue.submit([]);
  };
  const counting = startCounting(device);
  work();
  work();
  const counts = { ...counting.stop() };
  expect(counts).toEqual({ dispatches: 4, submits: 2, buffersCreated: 2, hostBytes: 64 });
  work();
  expect(counting.stop()).toEqual(counts);
});
