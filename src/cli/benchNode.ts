import type { Report } from '../bench/report.ts';
import { runSuite, type SuiteOptions } from '../bench/suite.ts';
import { openDawn } from '../gpu/dawn.node.ts';

/** The benchmarks in this process, on Dawn. */
export async function benchInNode(options: SuiteOptions, tell: (line: string) => void): Promise<Report> {
  // Mesa keeps what it compiled from earlier runs; the first step is to find nothing.
  process.env['MESA_SHADER_CACHE_DISABLE'] ??= 'true';
  return runSuite(await openDawn(), options, tell);
}
