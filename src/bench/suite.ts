import type { Adapter } from '../gpu/device.ts';
import { UserError } from '../lib/errors.ts';
import { AUGMENTATION_BENCHMARKS } from './augmentation.ts';
import { runBenchmarks, type Benchmark } from './bench.ts';
import { DATA_BENCHMARKS } from './data.ts';
import { kernelBenchmark } from './kernels.ts';
import { benchLayers } from './layers.ts';
import { OPERATION_BENCHMARKS } from './operations.ts';
import { PARTS_BENCHMARKS } from './parts.ts';
import type { Report } from './report.ts';
import { STEP_BENCHMARKS } from './steps.ts';
import { TUNED_BENCHMARKS } from './tuned.ts';
import { TORCH_BENCHMARKS } from './torch/torchBenchmarks.ts';
import type { FindTorch } from './torch/torchStep.ts';

export interface SuiteOptions {
  /** Part of the names of the benchmarks to run; without it, all. */
  readonly only?: string | undefined;
  readonly rounds: number;
}

/**
 * Runs the benchmarks on an adapter, those against PyTorch where `findTorch` is given. Throws UserErrors where there is no
 * WebGPU or no benchmark of that name.
 */
export async function runSuite(
  adapter: Adapter | undefined,
  { only, rounds }: SuiteOptions,
  tell: (line: string) => void,
  findTorch?: FindTorch,
): Promise<Report> {
  if (adapter?.backend !== 'webgpu') {
    throw new UserError(
      'bench/no-webgpu',
      'The benchmarks need WebGPU, and there is no adapter. Install a Vulkan driver.',
    );
  }
  tell(`Adapter: ${adapter.description}${adapter.software ? ' (software)' : ''}`);
  return runBenchmarks(selectBenchmarks(allBenchmarks(adapter.software), only), adapter, rounds, tell, findTorch);
}

/** Steps first: they measure the compilation of kernels that are not compiled yet. */
function allBenchmarks(software: boolean): Benchmark[] {
  const kernels = benchLayers(software).map(kernelBenchmark);
  return [
    ...STEP_BENCHMARKS,
    ...TORCH_BENCHMARKS,
    ...TUNED_BENCHMARKS,
    ...PARTS_BENCHMARKS,
    ...kernels,
    ...OPERATION_BENCHMARKS,
    ...AUGMENTATION_BENCHMARKS,
    ...DATA_BENCHMARKS,
  ];
}

/**
 * Selects those whose name contains `only`, ignoring case. Throws a UserError `config/bench` with all names if none
 * does.
 */
export function selectBenchmarks(benchmarks: readonly Benchmark[], only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks;
  const selected = benchmarks.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (selected.length > 0) return selected;
  const names = benchmarks.map(({ name }) => `  ${name}`).join('\n');
  throw new UserError('config/bench', `No benchmark's name contains "${only}". There are:\n${names}`);
}
