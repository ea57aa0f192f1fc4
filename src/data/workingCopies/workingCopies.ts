import { errorMessage, UserError } from '../../lib/errors.ts';
import { sortPaths } from '../folder/fileNames.ts';
import { datasetFingerprint } from './datasetFingerprint.ts';
import type { ImageDimensions, ImageSource, RgbImage } from '../../domain/images.ts';
import type { Overflow, OverflowReader } from './overflow.ts';

/** Working copies of all images: in memory up to a limit, the others on disk. */
export interface WorkingCopies {
  readonly count: number;
  /** Bytes of the pixels in memory. */
  readonly bytes: number;
  /** Adds an image without copying it. Resolves to its index in the order of adding. Rejects if neither memory nor disk has room. */
  add(file: ImageFile, image: RgbImage): Promise<number>;
  /** Returns the added images, sorted by path. No more can be added. */
  asSource(): Promise<ImageSource>;
  /** Deletes the copies on disk, which can no longer be read. */
  discard(): Promise<void>;
}

export interface CacheRoom {
  /** Max bytes of pixels in memory. */
  readonly memoryBytes: number;
  /** Called when memory is full. */
  openOverflow(): Promise<Overflow>;
}

/** File of an image. */
export interface ImageFile {
  readonly path: string;
  /** Size of the file, for the fingerprint. */
  readonly bytes: number;
  readonly dimensions: ImageDimensions;
  /** When it was changed last, in ms since 1970. */
  readonly date?: number;
}

interface Entry extends ImageFile {
  readonly width: number;
  readonly height: number;
  /** Pixels, or their offset on disk. */
  readonly pixels: Uint8Array | number;
}

/** Keeps everything in memory without `room`. */
export function createWorkingCopies(name: string, room?: CacheRoom): WorkingCopies {
  const entries: Entry[] = [];
  let bytes = 0;
  let overflow: Promise<Overflow> | undefined;
  /** Undefined if it wasn't needed or couldn't be opened: nothing is stored in it then. */
  const opened = (): Promise<Overflow | undefined> => Promise.resolve(overflow).catch(() => undefined);
  return {
    get count() {
      return entries.length;
    },
    get bytes() {
      return bytes;
    },
    add: async (file, { width, height, data }) => {
      if (!room || bytes + data.byteLength <= room.memoryBytes) {
        bytes += data.byteLength;
        return entries.push({ ...file, width, height, pixels: data }) - 1;
      }
      overflow ??= room.openOverflow();
      const pixels = await (await overflow).append(data);
      return entries.push({ ...file, width, height, pixels }) - 1;
    },
    asSource: async () => sourceOf(name, sortPaths(entries), await (await opened())?.finish()),
    discard: async () => (await opened())?.discard(),
  };
}

function sourceOf(name: string, entries: readonly Entry[], readDisk: OverflowReader = nothingOnDisk): ImageSource {
  const at = (index: number): Entry => {
    if (!Object.hasOwn(entries, index)) throw new RangeError(`image ${index} of ${entries.length}`);
    return entries[index];
  };
  return {
    name,
    count: entries.length,
    fingerprint: datasetFingerprint(entries),
    path: (index) => at(index).path,
    dimensions: (index) => at(index).dimensions,
    date: (index) => at(index).date,
    get: async (index) => {
      const { path, width, height, pixels } = at(index);
      if (typeof pixels !== 'number') return { width, height, data: pixels };
      try {
        return { width, height, data: await readDisk(pixels, width * height * 3) };
      } catch (error) {
        throw new UserError(
          'images/gone',
          `The working copy of "${path}" can't be read back (${errorMessage(error)}). Choose "${name}" again.`,
        );
      }
    },
  };
}

const nothingOnDisk: OverflowReader = () => Promise.reject(new Error('it was not written'));
