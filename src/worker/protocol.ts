import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../data/image.ts';
import type { Overlay, StepRecord, Verdict } from '../trainer/events.ts';

/** What computes, in words for the person. */
export interface AdapterSummary {
  readonly backend: 'webgpu' | 'webgl' | 'cpu';
  /** e.g. "SwiftShader (Google)", "CPU (no WebGPU)". */
  readonly description: string;
  /** True for software WebGPU and for the fallbacks: training will be slow. */
  readonly slow: boolean;
  readonly engine: 'compiled' | 'eager';
}

/** A small picture for the folder summary. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export type ToWorker =
  /** First message: opens the device. What is forced is for tests of the fallbacks, and for comparisons. */
  | { readonly type: 'open'; readonly forceBackend?: 'cpu'; readonly forceEngine?: 'eager' }
  /** Replaces the images. Hidden files are already left out; everything else is judged by the worker. */
  | {
      readonly type: 'readFiles';
      readonly datasetId: number;
      readonly name: string;
      readonly workingSize: number;
      readonly files: readonly { readonly path: string; readonly file: File }[];
    }
  | { readonly type: 'readSamples'; readonly datasetId: number; readonly count: number; readonly seed: number }
  | { readonly type: 'cancelReading'; readonly datasetId: number }
  /** Starts a run on the images read so far; `resume` holds the bytes of a checkpoint to continue from. */
  /** …and `stopAfter` ends the run after that step, as if by hand. */
  | {
      readonly type: 'start';
      readonly runId: number;
      readonly config: Config;
      readonly resume?: ArrayBuffer;
      readonly stopAfter?: number;
    }
  | { readonly type: 'pause'; readonly runId: number }
  | { readonly type: 'continue'; readonly runId: number }
  | { readonly type: 'stop'; readonly runId: number }
  /** Answered by `checkpoint`, at once while paused or stopped, else after the step in progress. */
  | { readonly type: 'saveCheckpoint'; readonly runId: number; readonly requestId: number }
  /** Reads and validates a checkpoint without touching the current run; answered by `checkpointRead` or `trouble`. */
  | { readonly type: 'readCheckpoint'; readonly requestId: number; readonly name: string; readonly bytes: ArrayBuffer };

export type FromWorker =
  | { readonly type: 'opened'; readonly adapter: AdapterSummary }
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
  | { readonly type: 'reading'; readonly datasetId: number; readonly done: number; readonly total: number }
  | {
      readonly type: 'readDone';
      readonly datasetId: number;
      readonly usable: number;
      readonly skipped: number;
      readonly cancelled: boolean;
    }
  | { readonly type: 'preparing'; readonly runId: number; readonly doing: string; readonly fraction: number }
  /** The run is ready for its first step. `step` is where it starts (more than 0 after a resume). */
  | {
      readonly type: 'started';
      readonly runId: number;
      readonly config: Config;
      readonly step: number;
      readonly totalSteps: number;
      readonly notes: readonly string[];
    }
  | {
      readonly type: 'step';
      readonly runId: number;
      readonly record: StepRecord;
      readonly verdict: Verdict;
      readonly stepMs: number;
      readonly imagesPerSecond: number;
      readonly etaSeconds: number;
    }
  | { readonly type: 'overlays'; readonly runId: number; readonly step: number; readonly overlays: readonly Overlay[] }
  | { readonly type: 'paused'; readonly runId: number; readonly step: number }
  | { readonly type: 'continued'; readonly runId: number; readonly step: number }
  /** `reason` finished: all steps done; stopped: by the person; failed: see the `trouble` sent before. The state is kept for a download. */
  | {
      readonly type: 'ended';
      readonly runId: number;
      readonly step: number;
      readonly reason: 'finished' | 'stopped' | 'failed';
      readonly elapsedSeconds: number;
    }
  | {
      readonly type: 'checkpoint';
      readonly runId: number;
      readonly requestId: number;
      readonly step: number;
      readonly fileName: string;
      readonly bytes: ArrayBuffer;
    }
  /** An automatic checkpoint, every `autosaveEverySteps`. */
  | {
      readonly type: 'autosaved';
      readonly runId: number;
      readonly step: number;
      readonly fileName: string;
      readonly bytes: ArrayBuffer;
    }
  | {
      readonly type: 'checkpointRead';
      readonly requestId: number;
      readonly name: string;
      readonly config: Config;
      readonly step: number;
      readonly datasetFingerprint: string;
    }
  | {
      readonly type: 'trouble';
      readonly code: string;
      readonly message: string;
      readonly detail?: string;
      readonly runId?: number;
      readonly requestId?: number;
    };
