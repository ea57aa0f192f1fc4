import type { Config } from '../config/fields.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { FolderFile, OpenedImage } from './contracts.ts';

/** A message to the worker that has no result of its own: its effects arrive as events. */
export type Command =
  /** Replaces the images. The worker requests the files with `wantFiles` until it has the last. */
  | {
      readonly type: 'readFiles';
      readonly datasetId: number;
      readonly name: string;
      readonly workingSize: number;
    }
  /** Hidden files are already left out; the worker decides which of the others are images. */
  | {
      readonly type: 'files';
      readonly datasetId: number;
      readonly files: readonly FolderFile[];
      readonly isLast: boolean;
    }
  | { readonly type: 'readSamples'; readonly datasetId: number; readonly count: number; readonly seed: number }
  /** Answers `wantPhotograph`; undefined if the page has no such file any more. */
  | { readonly type: 'photograph'; readonly id: number; readonly opened: OpenedImage | undefined }
  | { readonly type: 'cancelReading'; readonly datasetId: number }
  /** Starts a run on the images read so far. */
  | {
      readonly type: 'start';
      readonly runId: number;
      readonly config: Config;
      /** A file to continue from, or to take the encoder of. */
      readonly resume?: Blob;
      /** Starts a new run from the weights of that file, instead of continuing its run. */
      readonly anew?: true;
      /** Replaces the classes of that file. */
      readonly classes?: PrototypeClasses;
      /** Ends the run after this step, as if stopped by hand. */
      readonly stopAfter?: number;
    }
  /** At any moment from `start` on: a run that is still being built obeys once it is there. */
  | { readonly type: 'pause'; readonly runId: number }
  | { readonly type: 'continue'; readonly runId: number }
  | { readonly type: 'stop'; readonly runId: number }
  /** Names and merges of the prototypes, to be written into every file of the run from now on. */
  | { readonly type: 'setClasses'; readonly runId: number; readonly classes: PrototypeClasses }
  /** Saves the state of the run now, as is done every `autosaveEverySteps`: the page may be closed soon. */
  | { readonly type: 'autosave' };

export type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;
