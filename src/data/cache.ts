import { datasetFingerprint } from './folder.ts';
import type { ImageSource, RgbImage } from './image.ts';

/** Working copies of all pictures, in memory, in the order they were added. */
export interface ImageCache {
  readonly count: number;
  /** Memory that the pixels take. */
  readonly bytes: number;
  /** Keeps the image itself, not a copy. `fileSize` is that of the file it came from, for the fingerprint. */
  add(path: string, image: RgbImage, fileSize: number): void;
  /** The pictures added so far; those added later don't show up in it. */
  asSource(): ImageSource;
}

export function createImageCache(name: string): ImageCache {
  const entries: { readonly path: string; readonly size: number; readonly image: RgbImage }[] = [];
  let bytes = 0;
  return {
    get count() {
      return entries.length;
    },
    get bytes() {
      return bytes;
    },
    add: (path, image, fileSize) => {
      entries.push({ path, size: fileSize, image });
      bytes += image.data.byteLength;
    },
    asSource: () => sourceOf(name, entries.slice()),
  };
}

function sourceOf(
  name: string,
  entries: readonly { readonly path: string; readonly size: number; readonly image: RgbImage }[],
): ImageSource {
  const at = (index: number) => {
    const entry = entries[index];
    if (!entry) throw new RangeError(`image ${index} of ${entries.length}`);
    return entry;
  };
  return {
    name,
    count: entries.length,
    fingerprint: datasetFingerprint(entries),
    path: (index) => at(index).path,
    get: async (index) => at(index).image,
  };
}
