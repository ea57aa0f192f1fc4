import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../domain/images.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { ErrorCode } from '../lib/errorCodes.ts';
import type {
  Baselines,
  Gallery,
  GallerySegment,
  Health,
  Overlay,
  ScoreReport,
  StepTiming,
  Verdict,
} from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';

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

/** A kind of file that a run can be saved as. */
export interface FileFormat {
  readonly id: string;
  readonly label: string;
  /** One line: what such a file is good for. */
  readonly purpose: string;
  /** About how many bytes it has. */
  readonly size: number;
}

/** What of a file fits the encoder of some settings; the rest of the model starts fresh. */
export interface EncoderReport {
  readonly matched: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  /** Names in the file that the encoder has no place for. */
  readonly unused: readonly string[];
  /** One sentence, where other settings would fit better. */
  readonly advice: string | undefined;
}

/** What slots are judged by. */
export interface ScoringTarget {
  /** Masks of the images as `readMasks` brought them, or built-in scenes that training never sees. */
  readonly by: 'masks' | 'heldOutScenes';
  /** A value of the masks that marks unlabeled pixels. */
  readonly voidValue?: number;
  /** So many pictures at most, evenly spread. */
  readonly most?: number;
}

/** What a trained model can be asked to do with the images: each kind's request and its result. */
export interface Jobs {
  /** The watched images with their slots. */
  readonly overlays: {
    readonly request: unknown;
    readonly result: { readonly step: number; readonly overlays: readonly Overlay[]; readonly health: Health };
  };
  /** What every prototype means over all images. */
  readonly gallery: { readonly request: unknown; readonly result: { readonly gallery: Gallery } };
  /** Segments like one of the latest gallery, best first. */
  readonly similarSegments: {
    readonly request: { readonly image: number; readonly prototype: number; readonly count: number };
    readonly result: { readonly segments: readonly GallerySegment[] };
  };
  /** Masks of all images as a zip. */
  readonly exportMasks: {
    readonly request: { readonly classes: PrototypeClasses };
    readonly result: { readonly fileName: string; readonly source: Blob; readonly images: number };
  };
  readonly score: { readonly request: ScoringTarget; readonly result: { readonly report: ScoreReport } };
  /** What scores are compared with. */
  readonly baselines: { readonly request: ScoringTarget; readonly result: { readonly baselines: Baselines } };
}

export type JobKind = keyof Jobs;

export type JobRequest = { [Kind in JobKind]: { readonly kind: Kind } & Jobs[Kind]['request'] }[JobKind];

export type JobResult = { [Kind in JobKind]: { readonly kind: Kind } & Jobs[Kind]['result'] }[JobKind];

/** A file of the folder, or why it couldn't be opened. */
export type FolderFile = { readonly path: string; readonly file: File } | { readonly skipped: SkippedFile };

/** The page shows so many thumbnails; more would cost memory that training can use better (about 16 kB each). */
export const KEPT_THUMBNAILS = 2000;

export type ToWorker =
  /** First message: opens the device. What is forced is for tests of the fallbacks, and for comparisons. */
  | { readonly type: 'open'; readonly forceBackend?: 'cpu'; readonly forceEngine?: 'eager' }
  /** Replaces the images. The worker asks for the files with `wantFiles` until it has the last. */
  | {
      readonly type: 'readFiles';
      readonly datasetId: number;
      readonly name: string;
      readonly workingSize: number;
    }
  /** Hidden files are already left out; whether the others are pictures is judged by the worker. */
  | {
      readonly type: 'files';
      readonly datasetId: number;
      readonly files: readonly FolderFile[];
      readonly isLast: boolean;
    }
  | { readonly type: 'readSamples'; readonly datasetId: number; readonly count: number; readonly seed: number }
  | { readonly type: 'cancelReading'; readonly datasetId: number }
  /** Takes the place of the masks there were; they are opened when they are needed. Answered by `masksRead` or `trouble`. */
  | {
      readonly type: 'readMasks';
      readonly requestId: number;
      readonly files: readonly { readonly path: string; readonly file: File }[];
    }
  /**
   * From now on the run is scored at every so many of its steps, 0 for none, each answered by `scored`; takes the place of
   * what was asked before.
   */
  | {
      readonly type: 'scoreEvery';
      readonly requestId: number;
      readonly everySteps: number;
      /** Nothing while there is nothing to judge by. */
      readonly judged: ScoringTarget | undefined;
    }
  /** Starts a run on the images read so far; `resume` is a file to continue from, or to take the encoder of. */
  /** …`stopAfter` ends the run after that step, as if by hand; `classes` take the place of those in the file. */
  | {
      readonly type: 'start';
      readonly runId: number;
      readonly config: Config;
      readonly resume?: Blob;
      readonly classes?: PrototypeClasses;
      readonly stopAfter?: number;
    }
  | { readonly type: 'pause'; readonly runId: number }
  | { readonly type: 'continue'; readonly runId: number }
  | { readonly type: 'stop'; readonly runId: number }
  /** What the person has named and merged: from now on every file of the run holds it, of one that is being prepared too. */
  | { readonly type: 'setClasses'; readonly runId: number; readonly classes: PrototypeClasses }
  /** Saves the state of the run now, as is done every `autosaveEverySteps`: the page may not be there much longer. */
  | { readonly type: 'autosave' }
  /** Answered by `checkpoint`, at once while paused or stopped, else after the step in progress. */
  | {
      readonly type: 'saveCheckpoint';
      readonly runId: number;
      readonly requestId: number;
      /** A `FileFormat.id`. */
      readonly format: string;
    }
  /**
   * Reads and validates a file without touching the current run; answered by `checkpointRead`, by `encoderRead` (how it
   * fits an encoder of these settings) or by `trouble`.
   */
  | {
      readonly type: 'readCheckpoint';
      readonly requestId: number;
      readonly name: string;
      readonly source: Blob;
      readonly config: Config;
    }
  /**
   * Work of a model on the images, beside training: by the model of the run, which waits meanwhile, or by that of
   * `checkpoint`. Answered by `jobProgress`, then by `jobDone`, `jobCanceled` or `trouble`.
   */
  | { readonly type: 'job'; readonly requestId: number; readonly job: JobRequest; readonly checkpoint?: Blob }
  | { readonly type: 'cancelJob'; readonly requestId: number };

export type FromWorker =
  | { readonly type: 'opened'; readonly adapter: AdapterSummary }
  /** Answered by `files`: so many at most, as soon as there are some. */
  | { readonly type: 'wantFiles'; readonly datasetId: number; readonly count: number }
  /** One of the first `KEPT_THUMBNAILS` usable images, in the order they were read. */
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
  /** So many files are read, and so many of them are usable. */
  | { readonly type: 'reading'; readonly datasetId: number; readonly done: number; readonly usable: number }
  | {
      readonly type: 'readDone';
      readonly datasetId: number;
      readonly usable: number;
      readonly skipped: number;
      readonly canceled: boolean;
    }
  /** How many of the images have a mask. */
  | { readonly type: 'masksRead'; readonly requestId: number; readonly masked: number; readonly images: number }
  | { readonly type: 'scored'; readonly requestId: number; readonly report: ScoreReport }
  | { readonly type: 'preparing'; readonly runId: number; readonly doing: string; readonly fraction: number }
  /** The run is ready for its first step. `step` is where it starts (more than 0 after a resume). */
  | {
      readonly type: 'started';
      readonly runId: number;
      readonly config: Config;
      readonly step: number;
      readonly totalSteps: number;
      readonly notes: readonly string[];
      readonly imageCount: number;
      /** What the run can be saved as. */
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
  /** Something went wrong with a run in progress, and is put right: `recovered` follows, or `ended`. */
  | { readonly type: 'recovering'; readonly runId: number; readonly doing: string; readonly fraction: number }
  /** The run goes on from this step; what came later comes again. `note` tells where it is not what it would have been. */
  | {
      readonly type: 'recovered';
      readonly runId: number;
      readonly step: number;
      readonly config: Config;
      readonly note?: string;
    }
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
      /** A `FileFormat.id`. */
      readonly format: string;
      readonly fileName: string;
      readonly source: Blob;
    }
  /** An automatic checkpoint, every `autosaveEverySteps`. */
  | {
      readonly type: 'autosaved';
      readonly runId: number;
      readonly step: number;
      readonly fileName: string;
      readonly source: Blob;
    }
  | {
      readonly type: 'checkpointRead';
      readonly requestId: number;
      readonly name: string;
      readonly config: Config;
      readonly step: number;
      readonly datasetFingerprint: string;
      readonly classes: PrototypeClasses;
    }
  | {
      readonly type: 'encoderRead';
      readonly requestId: number;
      readonly name: string;
      readonly report: EncoderReport;
    }
  | { readonly type: 'jobProgress'; readonly requestId: number; readonly doing: string; readonly fraction: number }
  | { readonly type: 'jobDone'; readonly requestId: number; readonly result: JobResult }
  | { readonly type: 'jobCanceled'; readonly requestId: number }
  | {
      readonly type: 'trouble';
      readonly code: ErrorCode;
      readonly message: string;
      readonly detail?: string;
      readonly runId?: number;
      readonly requestId?: number;
    };
