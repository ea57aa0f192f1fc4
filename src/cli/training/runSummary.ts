import type { Config } from '../../config/fields.ts';
import type { SkippedFile } from '../../domain/images.ts';

/** Contents of `run.json`, besides versions and start time. */
export interface RunSummary {
  readonly config: Config;
  readonly where: 'browser' | 'node';
  readonly engine: string;
  readonly adapter: string;
  readonly images: { readonly name: string; readonly count: number };
  readonly skipped: readonly SkippedFile[];
  readonly steps: number;
  /** Last step of the schedule. */
  readonly totalSteps: number;
  readonly outcome: string;
  readonly seconds: number;
}
