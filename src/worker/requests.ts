import type { TuneMode } from '../domain/tuneMode.ts';
import type { Config } from '../config/fields.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { RegionClasses } from '../domain/regions.ts';
import type { RgbImage } from '../domain/images.ts';
import type { MaskOptions } from '../domain/maskForms.ts';
import type { RunMemory } from '../domain/runMemory.ts';
import type {
  Baselines,
  PictureSlots,
  Gallery,
  GallerySegment,
  Health,
  Overlay,
  ScoreReport,
} from '../domain/reports.ts';
import type {
  AdapterSummary,
  EncoderReport,
  ErrorReport,
  MaskFile,
  Progress,
  ProvenKernels,
  ScoringTarget,
} from './contracts.ts';

/** Work of a model on the images: the model of `checkpoint`, else that of the run, which waits meanwhile. */
interface Job<Input, Result> {
  readonly input: Input & { readonly checkpoint?: Blob };
  readonly result: Result;
  readonly progress: Progress;
}

export interface Jobs {
  /** The watched images with their slots. */
  readonly overlays: Job<
    unknown,
    { readonly step: number; readonly overlays: readonly Overlay[]; readonly health: Health }
  >;
  /** Slots of one picture that is not among the images. What is compiled for a model is kept for its next picture. */
  readonly segmentPicture: Job<
    { readonly picture: RgbImage; /** Another number for another model. */ readonly model: number },
    PictureSlots
  >;
  /** Statistics and best examples of every prototype over all images. */
  readonly gallery: Job<unknown, Gallery>;
  /** Segments like one of the latest gallery, best first. */
  readonly similarSegments: Job<
    { readonly image: number; readonly prototype: number; readonly count: number },
    readonly GallerySegment[]
  >;
  /** Masks of all images as a zip. */
  readonly exportMasks: Job<
    { readonly classes: PrototypeClasses; readonly options: MaskOptions },
    { readonly fileName: string; readonly source: Blob; readonly images: number }
  >;
  /**
   * The regions of all photographs as a file of columns, kept in the browser's storage under a name, such as a run's id. Takes
   * up a pass of the same model over the same photographs where it was ended.
   */
  readonly regions: Job<
    { readonly keepAs: string },
    {
      readonly step: number;
      readonly source: Blob;
      readonly photographs: number;
      readonly regions: number;
      /** False where the storage is closed or full: the file then lasts as long as the page. */
      readonly isKept: boolean;
      /** Where there are masks of the photographs. */
      readonly classes?: RegionClasses;
    }
  >;
  readonly score: Job<ScoringTarget, ScoreReport>;
  /** Scores to compare with: without training, and without a network. */
  readonly baselines: Job<ScoringTarget, Baselines>;
}

/** Content of a file: a model with its settings, or an encoder and how it fits the settings of the request. */
export type CheckpointContent =
  | {
      readonly kind: 'checkpoint';
      readonly config: Config;
      readonly step: number;
      readonly datasetFingerprint: string;
      readonly classes: PrototypeClasses;
    }
  | { readonly kind: 'encoder'; readonly report: EncoderReport };

export interface SavedFile {
  readonly step: number;
  readonly fileName: string;
  readonly source: Blob;
}

/** Every request that the page can make of the worker: its input, its result, and what it reports meanwhile. */
export interface Requests extends Jobs {
  /** Opens the device; comes first. The forced choices are for tests of the fallbacks, and for comparisons. */
  readonly open: {
    readonly input: {
      readonly forceBackend?: 'cpu';
      readonly forceEngine?: 'eager';
      /** Whether the fastest kernels are measured before the first run; by default what suits the adapter. */
      readonly tune?: TuneMode;
      /** Of an earlier visit. */
      readonly proven?: ProvenKernels;
    };
    readonly result: AdapterSummary;
  };
  /** Memory that a run would take; undefined where nothing is planned. Fails with `gpu/batch-too-large` where it doesn't fit. */
  readonly planRun: { readonly input: { readonly config: Config }; readonly result: RunMemory | undefined };
  /** The state of the run as a file: at once while paused or stopped, else after the step in progress. */
  readonly saveCheckpoint: {
    readonly input: { readonly runId: number; /** A `FileFormat.id`. */ readonly format: string };
    readonly result: SavedFile;
  };
  /** Reads and validates a file without touching the current run. */
  readonly readCheckpoint: {
    readonly input: { readonly source: Blob; readonly config: Config };
    readonly result: CheckpointContent;
  };
  /** Replaces the masks, which are opened when they are needed. Resolves with how many of the images have one. */
  readonly readMasks: {
    readonly input: { readonly files: readonly MaskFile[] };
    readonly result: { readonly masked: number; readonly images: number; readonly how: string };
  };
  /** Scores the run after every `everySteps` steps, until it is aborted or fails. A later one replaces it. */
  readonly scoreEvery: {
    readonly input: { readonly everySteps: number; readonly target: ScoringTarget };
    readonly result: never;
    readonly progress: ScoreReport;
  };
}

export type RequestKind = keyof Requests;
export type JobKind = keyof Jobs;
export type InputOf<Kind extends RequestKind> = Requests[Kind]['input'];
export type ResultOf<Kind extends RequestKind> = Requests[Kind]['result'];
export type ProgressOf<Kind extends RequestKind> = ProgressIn<Requests[Kind]>;

interface AnyRequest {
  readonly input: unknown;
  readonly result: unknown;
}
/** Requests by their kinds: `Requests`, or those of another worker. */
export type RequestTable<Table> = { readonly [Kind in keyof Table]: AnyRequest };
/** What a request reports meanwhile. */
export type ProgressIn<Entry> = Entry extends { readonly progress: infer Value } ? Value : never;

/** From the page: a request, or the end of one that is no longer wanted and is not answered any more. */
export type RequestMessageOf<Table extends RequestTable<Table>> =
  | {
      [Kind in keyof Table]: {
        readonly type: 'request';
        readonly id: number;
        readonly kind: Kind;
        readonly input: Table[Kind]['input'];
      };
    }[keyof Table]
  | { readonly type: 'abort'; readonly id: number };
export type RequestMessage = RequestMessageOf<Requests>;

/** From the worker, about the request with this id: any number of `progress`, then one `result` or `failure`. */
export type ResponseMessage =
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: ErrorReport };
