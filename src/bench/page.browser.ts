import { openWebGpu } from '../gpu/device.ts';
import { nameByWebGl } from '../gpu/rendererName.browser.ts';
import type { ErrorCode } from '../lib/errorCodes.ts';
import { UserError } from '../lib/errors.ts';
import type { Report } from './report.ts';
import { runSuite, type SuiteOptions } from './suite.ts';

declare global {
  interface Window {
    /** Runs the benchmarks in the page; set once its modules are loaded. */
    /** Set when the page has loaded: wait for `'slotconBench' in window`. */
    slotconBench: (options: SuiteOptions) => Promise<{ report: Report } | { code: ErrorCode; message: string }>;
    /** Set by the test driver; called with each line of output. */
    slotconBenchTell?: (line: string) => Promise<void>;
  }
}

window.slotconBench = async (options) => {
  // Absent from navigator where the browser has no WebGPU.
  const adapter = await openWebGpu((navigator as { gpu?: GPU }).gpu, nameByWebGl);
  try {
    return { report: await runSuite(adapter, options, (line) => void window.slotconBenchTell?.(line)) };
  } catch (thrown) {
    // Errors lose their class on the way out of a page.
    if (thrown instanceof UserError) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
};
