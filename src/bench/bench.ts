import type { WebGpuAdapter } from '../gpu/device.ts';
import { errorMessage } from '../lib/errors.ts';
import { measureFmaRate } from './fma.ts';
import { describeRow, type Report, type Row, type Skipped } from './report.ts';
import type { FindTorch } from './torch/torchStep.ts';

/** Context of a benchmark. */
export interface Bench {
  readonly adapter: WebGpuAdapter;
  readonly device: GPUDevice;
  /** Measurements per side. */
  readonly rounds: number;
  clock(): number;
  add(row: Row): void;
  /** Reports a comparison that isn't made, with the reason. */
  skip(name: string, reason: string): void;
  /** Peak rate of multiply-adds of the adapter in GFLOP/s, measured at the first call. */
  fmaGflops(): Promise<number>;
  /** In Node only. */
  readonly findTorch?: FindTorch | undefined;
}

export interface Benchmark {
  /** `group/subject`; its rows are named after it. */
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/**
 * Runs benchmarks one after the other. One that fails is reported as skipped and the others still run; `tell` is called with
 * a line for each event.
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  adapter: WebGpuAdapter,
  rounds: number,
  tell: (line: string) => void,
  findTorch?: FindTorch,
): Promise<Report> {
  const rows: Row[] = [];
  const skipped: Skipped[] = [];
  let fma: Promise<number> | undefined;
  const gpuErrors: string[] = [];
  const { device, description } = adapter;
  device.addEventListener('uncapturederror', ({ error }) => gpuErrors.push(error.message));
  const skip = (name: string, reason: string, failed = false): void => {
    skipped.push({ name, reason, failed });
    tell(`  ${name}: ${failed ? 'failed' : 'skipped'}: ${reason}`);
  };
  const clock = (): number => performance.now();
  const bench: Bench = {
    adapter,
    device,
    rounds,
    clock,
    skip,
    findTorch,
    add: (row) => {
      rows.push(row);
      tell(`  ${describeRow(row)}`);
    },
    fmaGflops: () => (fma ??= measureFmaRate(device, adapter.software, clock)),
  };
  for (const [index, benchmark] of benchmarks.entries()) {
    tell(`[${index + 1}/${benchmarks.length}] ${benchmark.name}`);
    let failure: string | undefined;
    try {
      await benchmark.run(bench);
    } catch (thrown) {
      failure = errorMessage(thrown);
    }
    // Figures of work that the device refused to do are worth nothing.
    const refused = gpuErrors.splice(0);
    failure ??= refused.at(0);
    if (failure !== undefined) skip(benchmark.name, failure.split('\n')[0], true);
  }
  const rate = fma && (await fma.catch(() => undefined));
  const date = new Date().toISOString();
  return { adapter: description, date, rows, skipped, ...(rate === undefined ? {} : { fmaGflops: rate }) };
}
