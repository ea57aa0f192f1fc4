import { createImageCache, type ImageCache } from '../data/cache.ts';
import { decodeFile } from '../data/decode.browser.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
import { cropResize } from '../data/resample.ts';
import { sampleScenes } from '../data/samples.ts';
import { UserError } from '../lib/errors.ts';
import type { Post } from './post.ts';
import type { Thumbnail, ToWorker } from './protocol.ts';

type ReadFiles = Extract<ToWorker, { type: 'readFiles' }>;
type ReadSamples = Extract<ToWorker, { type: 'readSamples' }>;

/** The images of the page: one set at a time, replaced by the next. */
export interface Dataset {
  readFiles(message: ReadFiles): Promise<void>;
  readSamples(message: ReadSamples): Promise<void>;
  cancel(datasetId: number): void;
  /** The finished set: waits for a reading in progress. Throws `dataset/none` before the first. */
  source(): Promise<ImageSource>;
}

/** Longer side of a thumbnail. */
const THUMBNAIL_SIDE = 96;

export function createDataset(post: Post): Dataset {
  let current: { readonly id: number; cancelled: boolean; readonly source: Promise<ImageSource> } | undefined;

  const begin = (id: number, read: (isCurrent: () => boolean) => Promise<ImageSource>): Promise<void> => {
    const source = read(() => current?.id === id && !current.cancelled);
    current = { id, cancelled: false, source };
    return source.then(() => undefined);
  };
  const announce = (datasetId: number, index: number, path: string, image: RgbImage): void => {
    const thumbnail = thumbnailOf(image);
    const { width, height } = image;
    post({ type: 'imageRead', datasetId, index, path, width, height, thumbnail }, [thumbnail.data.buffer]);
  };

  const readFiles = async (message: ReadFiles, isCurrent: () => boolean): Promise<ImageSource> => {
    const { datasetId, name, workingSize, files } = message;
    // The caller must have noted this reading before the first result is judged by it.
    await Promise.resolve();
    const cache: ImageCache = createImageCache(name);
    let skipped = 0;
    for (const [done, { path, file }] of files.entries()) {
      if (!isCurrent()) break;
      const outcome = await decodeFile(file, path, workingSize);
      if ('skipped' in outcome) {
        skipped += 1;
        post({ type: 'imageSkipped', datasetId, file: outcome.skipped });
      } else {
        cache.add(path, outcome.image, file.size);
        announce(datasetId, cache.count - 1, path, outcome.image);
      }
      post({ type: 'reading', datasetId, done: done + 1, total: files.length });
    }
    post({ type: 'readDone', datasetId, usable: cache.count, skipped, cancelled: !isCurrent() });
    return cache.asSource();
  };

  const readSamples = async (
    { datasetId, count, seed }: ReadSamples,
    isCurrent: () => boolean,
  ): Promise<ImageSource> => {
    await Promise.resolve();
    const source = sampleScenes(count, seed);
    let done = 0;
    while (done < count && isCurrent()) {
      announce(datasetId, done, source.path(done), await source.get(done));
      done += 1;
      post({ type: 'reading', datasetId, done, total: count });
      // Drawing never waits for anything: let a "cancel" through now and then.
      if (done % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    post({ type: 'readDone', datasetId, usable: done, skipped: 0, cancelled: done < count });
    return done === count ? source : firstOf(source, done);
  };

  return {
    readFiles: (message) => begin(message.datasetId, (isCurrent) => readFiles(message, isCurrent)),
    readSamples: (message) => begin(message.datasetId, (isCurrent) => readSamples(message, isCurrent)),
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

function thumbnailOf(image: RgbImage): Thumbnail {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const box = { top: 0, left: 0, height: image.height, width: image.width };
  const small = cropResize(image, box, height, width, 'bilinear');
  const data = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set(small.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    data[pixel * 4 + 3] = 255;
  }
  return { width, height, data };
}
