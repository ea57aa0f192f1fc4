import type { Report } from '../bench/report.ts';
import { runSuite, type SuiteOptions } from '../bench/suite.ts';
import { findTorch } from '../bench/torch/torchStep.node.ts';
import { openDawn } from '../gpu/dawn.node.ts';

/** Runs the benchmarks in this process, on Dawn. */
export async function benchInNode(options: SuiteOptions, tell: (line: string) => void): Promise<Report> {
  // Disables Mesa's shader cache: the first step is measured with nothing compiled.
  process.env['MESA_SHADER_CACHE_DISABLE'] ??= 'true';
  return runSuite(await openDawn(), options, tell, findTorch);
}
