import { createWorkingCopies, type WorkingCopies } from '../data/workingCopies/workingCopies.ts';
import type { ImageSource } from '../domain/images.ts';
import type { Overflow } from '../data/workingCopies/overflow.ts';
import { UserError } from '../lib/errors.ts';
import { nextTask } from '../lib/async/nextTask.ts';
import type { Decoders } from './decode/decoders.ts';
import type { CommandOf } from './commands.ts';
import type { FolderFile } from './contracts.ts';
import type { Post } from './post.ts';
import { readFolderFiles } from './readFolder.ts';
import { thumbnailOf } from './thumbnail.ts';

/** The images to train on: one set at a time, replaced by the next. */
export interface ImageSet {
  readFiles(message: CommandOf<'readFiles'>): Promise<void>;
  /** Files that were requested with `wantFiles`. */
  files(message: CommandOf<'files'>): void;
  readSamples(message: CommandOf<'readSamples'>): Promise<void>;
  cancel(datasetId: number): void;
  /** Resolves with the images when they are all read. Throws `dataset/none` before the first reading. */
  source(): Promise<ImageSource>;
}

export interface DatasetPorts {
  createDecoders(): Decoders;
  openOverflow(): Promise<Overflow>;
}

/** Pixels kept in memory; further working copies go to the disk. */
const MEMORY_BYTES = 2 ** 30;
/** Opened files that wait to be decoded, beside those that the page is opening. */
const FILES_AT_ONCE = 32;

type Files = Pick<CommandOf<'files'>, 'files' | 'isLast'>;
const NO_MORE: Files = { files: [], isLast: true };

export function createImageSet(post: Post, ports: DatasetPorts): ImageSet {
  let current: { readonly id: number; canceled: boolean; readonly source: Promise<ImageSource> } | undefined;
  let receive: (files: Files) => void = () => undefined;
  let cache: WorkingCopies | undefined;

  const begin = (id: number, read: (isCurrent: () => boolean) => Promise<ImageSource>): Promise<void> => {
    // A reading in progress gets no more files.
    receive(NO_MORE);
    const [replaced, ended] = [cache, current?.source ?? Promise.resolve()];
    cache = undefined;
    void ended.then(() => replaced?.discard()).catch(() => undefined);
    const source = read(() => current?.id === id && !current.canceled);
    current = { id, canceled: false, source };
    return source.then(() => undefined);
  };
  /** Yields files from the page, requesting each batch while the one before it is decoded. */
  const incoming = async function* (datasetId: number, isCurrent: () => boolean): AsyncGenerator<FolderFile> {
    const want = (): Promise<Files> => {
      post({ type: 'wantFiles', datasetId, count: FILES_AT_ONCE });
      return new Promise((resolve) => (receive = resolve));
    };
    for (let next = isCurrent() ? want() : Promise.resolve(NO_MORE); ;) {
      const { files, isLast } = await next;
      if (!isLast) next = want();
      yield* files;
      if (isLast) return;
    }
  };
  const readFiles = async (message: CommandOf<'readFiles'>, isCurrent: () => boolean): Promise<ImageSource> => {
    const { datasetId, name, workingSize } = message;
    // `current` is set after this call: nothing may be posted before.
    await Promise.resolve();
    const own = createWorkingCopies(name, { memoryBytes: MEMORY_BYTES, openOverflow: ports.openOverflow });
    cache = own;
    const decoders = ports.createDecoders();
    const files = incoming(datasetId, isCurrent);
    await readFolderFiles(post, { datasetId, name, workingSize, files, decoders, cache: own, isCurrent });
    decoders.close();
    return own.asSource();
  };

  const readSamples = async (
    { datasetId, count, seed }: CommandOf<'readSamples'>,
    isCurrent: () => boolean,
  ): Promise<ImageSource> => {
    // Loaded when wanted: most people bring photographs.
    const { sampleScenes } = await import('../data/scenes/samples.ts');
    const source = sampleScenes(count, seed);
    let done = 0;
    while (done < count && isCurrent()) {
      const image = await source.get(done);
      const [path, thumbnail] = [source.path(done), thumbnailOf(image)];
      const { width, height } = image;
      post({ type: 'imageRead', datasetId, index: done, path, width, height, thumbnail }, [thumbnail.data.buffer]);
      done += 1;
      post({ type: 'reading', datasetId, done, usable: done });
      // Drawing never yields: yield for a "cancelReading" now and then.
      if (done % 8 === 0) await nextTask();
    }
    post({ type: 'readDone', datasetId, usable: done, skipped: 0, canceled: done < count, notes: [], different: done });
    return done === count ? source : firstOf(source, done);
  };

  return {
    readFiles: (message) => begin(message.datasetId, (isCurrent) => readFiles(message, isCurrent)),
    readSamples: (message) => begin(message.datasetId, (isCurrent) => readSamples(message, isCurrent)),
    files: (message) => {
      if (message.datasetId === current?.id) receive(message);
    },
    cancel: (id) => {
      if (current?.id === id) current.canceled = true;
    },
    source: async () => {
      if (!current)
        throw new UserError('dataset/none', 'There are no images yet. Choose a folder or the sample scenes.');
      return current.source;
    },
  };
}

function firstOf(source: ImageSource, count: number): ImageSource {
  return { ...source, count, fingerprint: `${source.fingerprint}/${count}` };
}
