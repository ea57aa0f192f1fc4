import { createImageCache, type ImageCache } from '../data/cache.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
import type { Overflow } from '../data/overflow.ts';
import { sampleScenes } from '../data/samples.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Decoders } from './decode/decoders.ts';
import type { DecodedImage } from './decode/messages.ts';
import { reportTrouble, type Message, type Post } from './post.ts';
import { KEPT_THUMBNAILS, type OpenedFile, type Thumbnail } from './protocol.ts';
import { thumbnailOf } from './thumbnail.ts';

/** The images of the page: one set at a time, replaced by the next. */
export interface Dataset {
  readFiles(message: Message<'readFiles'>): Promise<void>;
  /** The answer to `wantFiles`. */
  files(message: Message<'files'>): void;
  readSamples(message: Message<'readSamples'>): Promise<void>;
  cancel(datasetId: number): void;
  /** The finished set: waits for a reading in progress. Throws `dataset/none` before the first. */
  source(): Promise<ImageSource>;
}

export interface DatasetPorts {
  /** Files that are decoded at a time. */
  readonly decoders: number;
  createDecoders(count: number): Decoders;
  openOverflow(): Promise<Overflow>;
}

/** Pixels kept in memory; further working copies go to the disk. */
const MEMORY_BYTES = 2 ** 30;
/** Opened files that wait to be decoded, beside those that the page opens meanwhile. */
const FILES_AT_ONCE = 32;

type Files = Pick<Message<'files'>, 'files' | 'isLast'>;

export function createDataset(post: Post, ports: DatasetPorts): Dataset {
  let current: { readonly id: number; cancelled: boolean; readonly source: Promise<ImageSource> } | undefined;
  let answer: (files: Files) => void = () => undefined;
  let cache: ImageCache | undefined;

  const begin = (id: number, read: (isCurrent: () => boolean) => Promise<ImageSource>): Promise<void> => {
    // A reading that was in progress gets no more files.
    answer({ files: [], isLast: true });
    const [replaced, ended] = [cache, current?.source ?? Promise.resolve()];
    void ended.then(() => replaced?.discard()).catch(() => undefined);
    const source = read(() => current?.id === id && !current.cancelled);
    current = { id, cancelled: false, source };
    return source.then(() => undefined);
  };
  const announce = (datasetId: number, index: number, path: string, image: RgbImage, thumbnail: Thumbnail): void => {
    if (index >= KEPT_THUMBNAILS) return;
    const { width, height } = image;
    post({ type: 'imageRead', datasetId, index, path, width, height, thumbnail }, [thumbnail.data.buffer]);
  };

  /** Files from the page, asked for while those before them are decoded. */
  const incoming = async function* (datasetId: number): AsyncGenerator<OpenedFile> {
    const want = (): Promise<Files> => {
      post({ type: 'wantFiles', datasetId, count: FILES_AT_ONCE });
      return new Promise((resolve) => (answer = resolve));
    };
    for (let next = want(); ;) {
      const { files, isLast } = await next;
      if (!isLast) next = want();
      yield* files;
      if (isLast) return;
    }
  };

  const readFiles = async (message: Message<'readFiles'>, isCurrent: () => boolean): Promise<ImageSource> => {
    const { datasetId, name, workingSize } = message;
    // The caller must have noted this reading before the first result is judged by it.
    await Promise.resolve();
    const own = createImageCache(name, { memoryBytes: MEMORY_BYTES, openOverflow: ports.openOverflow });
    cache = own;
    const decoders = ports.createDecoders(ports.decoders);
    let [done, skipped, isStopped] = [0, 0, false];
    const keep = async (path: string, { size }: File, { image, thumbnail }: DecodedImage): Promise<void> => {
      const index = await own.add(path, image, size).catch((error: unknown) => {
        throw noRoom(name, own.count, error);
      });
      announce(datasetId, index, path, image, thumbnail);
    };
    const take = async (opened: OpenedFile): Promise<void> => {
      try {
        const outcome = 'skipped' in opened ? opened : await decoders.decode({ ...opened, workingSize });
        if ('skipped' in outcome) {
          skipped += 1;
          post({ type: 'imageSkipped', datasetId, file: outcome.skipped });
        } else if ('file' in opened && !isStopped) await keep(opened.path, opened.file, outcome);
        done += 1;
        post({ type: 'reading', datasetId, done, usable: own.count });
      } catch (error) {
        // What is read so far is used.
        if (!isStopped) reportTrouble(post, error);
        isStopped = true;
      }
    };
    const busy = new Set<Promise<void>>();
    for await (const opened of incoming(datasetId)) {
      if (!isCurrent() || isStopped) break;
      const taken: Promise<void> = take(opened).finally(() => busy.delete(taken));
      busy.add(taken);
      if (busy.size > ports.decoders) await Promise.race(busy);
    }
    await Promise.all(busy);
    decoders.close();
    const cancelled = isStopped || !isCurrent();
    post({ type: 'readDone', datasetId, usable: own.count, skipped, cancelled });
    return own.asSource();
  };

  const readSamples = async (
    { datasetId, count, seed }: Message<'readSamples'>,
    isCurrent: () => boolean,
  ): Promise<ImageSource> => {
    await Promise.resolve();
    const source = sampleScenes(count, seed);
    let done = 0;
    while (done < count && isCurrent()) {
      const image = await source.get(done);
      announce(datasetId, done, source.path(done), image, thumbnailOf(image));
      done += 1;
      post({ type: 'reading', datasetId, done, usable: done });
      // Drawing never waits for anything: let a "cancel" through now and then.
      if (done % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    post({ type: 'readDone', datasetId, usable: done, skipped: 0, cancelled: done < count });
    return done === count ? source : firstOf(source, done);
  };

  return {
    readFiles: (message) => begin(message.datasetId, (isCurrent) => readFiles(message, isCurrent)),
    readSamples: (message) => begin(message.datasetId, (isCurrent) => readSamples(message, isCurrent)),
    files: (message) => {
      if (message.datasetId === current?.id) answer(message);
    },
    cancel: (id) => {
      if (current?.id === id) current.cancelled = true;
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

function noRoom(name: string, count: number, error: unknown): UserError {
  return new UserError(
    'images/no-room',
    `There is no room for more of "${name}" (${errorMessage(error)}). The ${count} images read so far are used; ` +
      'for more, free some disk space or lower "Working resolution", then choose the folder again.',
  );
}
