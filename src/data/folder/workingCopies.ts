import { errorMessage, UserError } from '../../lib/errors.ts';
import { datasetFingerprint, sortPaths } from './folder.ts';
import type { ImageSource, RgbImage } from '../../domain/images.ts';
import type { Overflow, OverflowReader } from './overflow.ts';

/** Working copies of all pictures: in memory as many as it has room for, the others on disk. */
export interface WorkingCopies {
  readonly count: number;
  /** Memory that the pixels take. */
  readonly bytes: number;
  /**
   * Keeps the image itself, not a copy. `fileSize` is that of the file it came from, for the fingerprint. Returns how many
   * came before it. Rejects where neither memory nor disk has room for it.
   */
  add(path: string, image: RgbImage, fileSize: number): Promise<number>;
  /** The pictures added, sorted by path. Nothing can be added any more. */
  asSource(): Promise<ImageSource>;
  /** Gives the disk back: pictures that lie there can't be read any more. */
  discard(): Promise<void>;
}

export interface CacheRoom {
  /** Bytes of pixels in memory. */
  readonly memoryBytes: number;
  /** Opened when memory has no more room. */
  openOverflow(): Promise<Overflow>;
}

interface Entry {
  readonly path: string;
  /** Of the file. */
  readonly size: number;
  readonly width: number;
  readonly height: number;
  /** The pixels, or where they begin on disk. */
  readonly pixels: Uint8Array | number;
}

/** Without `room` everything stays in memory. */
export function createWorkingCopies(name: string, room?: CacheRoom): WorkingCopies {
  const entries: Entry[] = [];
  let bytes = 0;
  let overflow: Promise<Overflow> | undefined;
  /** Where it couldn't be opened, nothing lies in it. */
  const opened = (): Promise<Overflow | undefined> => Promise.resolve(overflow).catch(() => undefined);
  return {
    get count() {
      return entries.length;
    },
    get bytes() {
      return bytes;
    },
    add: async (path, { width, height, data }, size) => {
      if (!room || bytes + data.byteLength <= room.memoryBytes) {
        bytes += data.byteLength;
        return entries.push({ path, size, width, height, pixels: data }) - 1;
      }
      overflow ??= room.openOverflow();
      const pixels = await (await overflow).append(data);
      return entries.push({ path, size, width, height, pixels }) - 1;
    },
    asSource: async () => sourceOf(name, sortPaths(entries), await (await opened())?.finish()),
    discard: async () => (await opened())?.discard(),
  };
}

function sourceOf(name: string, entries: readonly Entry[], readDisk: OverflowReader | undefined): ImageSource {
  const at = (index: number): Entry => {
    const entry = entries[index];
    if (!entry) throw new RangeError(`image ${index} of ${entries.length}`);
    return entry;
  };
  return {
    name,
    count: entries.length,
    fingerprint: datasetFingerprint(entries),
    path: (index) => at(index).path,
    get: async (index) => {
      const { path, width, height, pixels } = at(index);
      if (typeof pixels !== 'number') return { width, height, data: pixels };
      try {
        return { width, height, data: await readDisk!(pixels, width * height * 3) };
      } catch (error) {
        throw new UserError(
          'images/gone',
          `The working copy of "${path}" can't be read back (${errorMessage(error)}). Choose "${name}" again.`,
        );
      }
    },
  };
}
