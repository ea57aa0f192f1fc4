import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../domain/images.ts';
import type { Note } from '../domain/note.ts';
import type { Health, Overlay, StepTiming, Verdict } from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';
import type { ErrorReport, FileFormat, ProvenKernels, Thumbnail } from './contracts.ts';

/** Events that the worker posts unrequested. Those of a run or data set carry its id. */
export type WorkerEvent =
  /** Requests up to `count` files, to be sent with `files` as soon as there are some. */
  | { readonly type: 'wantFiles'; readonly datasetId: number; readonly count: number }
  /** Requests the file of an image, to be sent with `photograph`. */
  | { readonly type: 'wantPhotograph'; readonly id: number; readonly path: string }
  /** One of the first `MAX_THUMBNAILS` usable images, in the order they were read. */
  | {
      readonly type: 'imageRead';
      readonly datasetId: number;
      readonly index: number;
      readonly path: string;
      readonly width: number;
      readonly height: number;
      readonly thumbnail: Thumbnail;
    }
  | { readonly type: 'imageSkipped'; readonly datasetId: number; readonly file: SkippedFile }
  /** Number of files read so far, and of usable images among them. */
  | { readonly type: 'reading'; readonly datasetId: number; readonly done: number; readonly usable: number }
  | {
      readonly type: 'readDone';
      readonly datasetId: number;
      readonly usable: number;
      readonly skipped: number;
      readonly canceled: boolean;
      readonly notes: readonly Note[];
      /** Number of images that differ from each other; up to a thousand are counted. */
      readonly different: number;
    }
  | { readonly type: 'preparing'; readonly runId: number; readonly phase: string; readonly fraction: number }
  /** The run is ready for its first step. `step` is where it starts (more than 0 after a resume). */
  | {
      readonly type: 'started';
      readonly runId: number;
      readonly config: Config;
      readonly step: number;
      readonly totalSteps: number;
      readonly notes: readonly string[];
      readonly imageCount: number;
      /** The formats it can be saved in. */
      readonly formats: readonly FileFormat[];
    }
  | {
      readonly type: 'step';
      readonly runId: number;
      readonly record: StepRecord;
      readonly verdict: Verdict;
      readonly timing: StepTiming;
    }
  | {
      readonly type: 'overlays';
      readonly runId: number;
      readonly step: number;
      readonly overlays: readonly Overlay[];
      readonly health: Health;
    }
  /** The run was interrupted by an error and is being rebuilt; `recovered` or `ended` follows. */
  | { readonly type: 'recovering'; readonly runId: number; readonly phase: string; readonly fraction: number }
  /** The run continues after this step; later ones are trained again. `note` says what differs from the run before. */
  | {
      readonly type: 'recovered';
      readonly runId: number;
      readonly step: number;
      readonly config: Config;
      readonly note?: string;
    }
  | { readonly type: 'paused'; readonly runId: number; readonly step: number }
  | { readonly type: 'continued'; readonly runId: number; readonly step: number }
  /** The run could not start, or is about to end with `failed`. */
  | { readonly type: 'runFailed'; readonly runId: number; readonly error: ErrorReport }
  /** `finished`: all steps done; `stopped`: by the person; `failed`: after `runFailed`. Its state can still be saved. */
  | {
      readonly type: 'ended';
      readonly runId: number;
      readonly step: number;
      readonly reason: 'finished' | 'stopped' | 'failed';
      readonly elapsedSeconds: number;
    }
  /** An automatic checkpoint, every `autosaveEverySteps`. */
  | {
      readonly type: 'autosaved';
      readonly runId: number;
      readonly step: number;
      readonly fileName: string;
      readonly source: Blob;
    }
  /** Kernels that were measured before a run, to be remembered. */
  | { readonly type: 'tuned'; readonly proven: ProvenKernels }
  /** An error of no run and no request in particular. */
  | { readonly type: 'notice'; readonly error: ErrorReport };

export type EventOf<Type extends WorkerEvent['type']> = Extract<WorkerEvent, { type: Type }>;
