import type { Config } from '../../config/fields.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { actionOptions } from '../../signals/advice/actionText.ts';
import type { Advice } from '../../signals/advice/advice.ts';

/** Contents of `run.json`, besides versions and start time. */
export interface RunSummary {
  readonly config: Config;
  readonly where: 'browser' | 'node';
  readonly engine: string;
  readonly adapter: string;
  readonly images: { readonly name: string; readonly count: number; readonly different: number };
  readonly skipped: readonly SkippedFile[];
  readonly steps: number;
  /** Last step of the schedule. */
  readonly totalSteps: number;
  readonly outcome: string;
  readonly seconds: number;
  /** See `StepTiming`. */
  readonly hostBytesPerStep?: number | undefined;
}

/** Prints what to do after a run, each with the options of the next `npm run train`. */
export function showAdvice(advice: readonly Advice[], folder: string): void {
  if (advice.length > 0) console.log('What to do next:');
  for (const { text, action } of advice) {
    const options = action && actionOptions(action, folder);
    console.log(`- ${text}${options === undefined ? '' : ` (${options})`}`);
  }
}
