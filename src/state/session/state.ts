import type { Config } from '../../config/fields.ts';
import type { SkippedFile } from '../../domain/images.ts';
import type { Gallery } from '../../domain/reports.ts';
import { NO_CLASSES, type PrototypeClasses } from '../../domain/classes.ts';
import type { AdapterSummary, EncoderReport, FileFormat, JobKind, Thumbnail } from '../../worker/protocol.ts';
import { beginHistory, type History } from './history.ts';
import { INITIAL_SCORES, type ScoresState } from './scoring.ts';
import type { Notice } from './notice.ts';

export type AdapterState =
  | { readonly status: 'opening' }
  | { readonly status: 'ready'; readonly adapter: AdapterSummary }
  | { readonly status: 'failed' };

export interface ImageSummary {
  readonly index: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: Thumbnail;
}

export interface Dataset {
  readonly datasetId: number;
  readonly name: string;
  /** Built-in scenes, whose masks are known. */
  readonly samples: boolean;
  readonly usable: number;
  readonly skipped: readonly SkippedFile[];
  /** Usable images, `KEPT_THUMBNAILS` at most: as they came while they are read, by path when all are there. */
  readonly pictures: readonly ImageSummary[];
}

export type ImagesState =
  | { readonly status: 'empty' }
  /** The page has found nothing yet in the folder. */
  | { readonly status: 'listing' }
  /** isListing: the page still walks the folder, and the total grows. */
  | {
      readonly status: 'reading';
      readonly dataset: Dataset;
      readonly done: number;
      readonly total: number;
      readonly isListing: boolean;
    }
  | { readonly status: 'ready'; readonly dataset: Dataset; readonly canceled: boolean };

/** What is known of a run before its first step. */
export interface RunPlan {
  readonly runId: number;
  readonly title: string;
  readonly config: Config;
  /** Goes on with the curves and overlays that are there, instead of starting them anew. */
  readonly keepsHistory: boolean;
}

export interface Run extends RunPlan {
  readonly startStep: number;
  readonly totalSteps: number;
  readonly notes: readonly string[];
  readonly imageCount: number;
  /** What it can be saved as. */
  readonly formats: readonly FileFormat[];
}

/** lost: the worker is gone and its state with it. */
export type EndReason = 'finished' | 'stopped' | 'failed' | 'lost';

export type RunState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'preparing';
      readonly plan: RunPlan;
      readonly doing: string;
      readonly fraction: number;
      readonly asked?: 'stop';
    }
  | {
      readonly status: 'training';
      readonly run: Run;
      readonly asked?: 'pause' | 'stop';
      /** Something went wrong and is being put right. */
      readonly recovering?: { readonly doing: string; readonly fraction: number };
    }
  | { readonly status: 'paused'; readonly run: Run; readonly step: number; readonly asked?: 'continue' | 'stop' }
  | {
      readonly status: 'ended';
      readonly run: Run;
      readonly step: number;
      readonly reason: EndReason;
      readonly elapsedSeconds: number;
    };

/** A file to start from. `source` can be read again: it is handed to the worker at the start. */
export type ResumeState =
  | { readonly status: 'none' }
  | {
      readonly status: 'checking';
      readonly requestId: number;
      readonly name: string;
      readonly source: Blob;
      readonly keepsHistory: boolean;
    }
  | {
      readonly status: 'loaded';
      readonly name: string;
      readonly step: number;
      readonly config: Config;
      readonly source: Blob;
      /** It came from the run whose curves are there, which then go on, as do its names. */
      readonly keepsHistory: boolean;
      /** As they stand in the file. */
      readonly classes: PrototypeClasses;
    }
  /** The encoder alone, with how it fits the settings that were in the form; heads and prototypes will be fresh. */
  | { readonly status: 'encoder'; readonly name: string; readonly source: Blob; readonly report: EncoderReport };

export interface JobState {
  readonly requestId: number;
  readonly kind: JobKind;
  readonly doing: string;
  readonly fraction: number;
}

/** The export of masks that was asked for last; how far it is stands in its job. */
export type MasksState =
  | { readonly status: 'none' | 'working' | 'canceled' }
  | { readonly status: 'done'; readonly fileName: string; readonly images: number; readonly bytes: number }
  | { readonly status: 'failed'; readonly message: string };

export interface SavedCheckpoint {
  readonly runId: number;
  readonly fileName: string;
  readonly step: number;
}

export interface SessionState {
  readonly adapter: AdapterState;
  readonly images: ImagesState;
  readonly run: RunState;
  readonly resume: ResumeState;
  /** What the model is asked to do beside training, oldest first. */
  readonly jobs: readonly JobState[];
  /** What every prototype means over the folder, by the run and the images that are there. */
  readonly gallery: Gallery | undefined;
  /** What the person has made of the prototypes of the model on the screen. */
  readonly classes: History<PrototypeClasses>;
  readonly masks: MasksState;
  readonly scores: ScoresState;
  /** Newest last. */
  readonly troubles: readonly Notice[];
  /** Checkpoints asked for and not yet here. */
  readonly saving: number;
  /** The latest file that reached the page, and its format. */
  readonly lastSaved: (SavedCheckpoint & { readonly format: string }) | undefined;
  /** The latest automatic checkpoint: what is left of a run whose worker is gone. */
  readonly autosave: (SavedCheckpoint & { readonly source: Blob }) | undefined;
}

export const INITIAL_SESSION: SessionState = {
  adapter: { status: 'opening' },
  images: { status: 'empty' },
  run: { status: 'idle' },
  resume: { status: 'none' },
  jobs: [],
  gallery: undefined,
  classes: beginHistory(NO_CLASSES),
  masks: { status: 'none' },
  scores: INITIAL_SCORES,
  troubles: [],
  saving: 0,
  lastSaved: undefined,
  autosave: undefined,
};

export function datasetOf(images: ImagesState): Dataset | undefined {
  return images.status === 'reading' || images.status === 'ready' ? images.dataset : undefined;
}

/** The run that is on the screen: in progress, or ended with its state still there. */
export function runOf(state: RunState): Run | undefined {
  return state.status === 'training' || state.status === 'paused' || state.status === 'ended' ? state.run : undefined;
}

/** The settings of what the page shows: the run's, and before there is one those of a loaded checkpoint. */
export function shownConfig({ run, resume }: SessionState): Config | undefined {
  if (run.status === 'preparing') return run.plan.config;
  if (run.status === 'idle') return resume.status === 'loaded' ? resume.config : undefined;
  return run.run.config;
}

/** Equal while the images and the model are the same ones, however long that is trained. */
export function subjectOf({ images, run, resume }: SessionState): string {
  const model = run.status === 'preparing' ? run.plan.runId : runOf(run)?.runId;
  const loaded = model === undefined && resume.status === 'loaded' ? resume.name : '';
  return `${datasetOf(images)?.datasetId} ${model} ${loaded}`;
}

/** True while the worker is busy with a run, so that images and engine must stay as they are. */
export function isActive(state: RunState): boolean {
  return state.status === 'preparing' || state.status === 'training' || state.status === 'paused';
}

/** True when the worker holds a state that can be saved. */
export function isSavable(state: RunState): boolean {
  return runOf(state) !== undefined && !(state.status === 'ended' && state.reason === 'lost');
}
