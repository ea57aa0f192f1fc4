import type { RgbImage } from '../../domain/images.ts';
import { upload } from '../upload.ts';

/** Size of the first page; each further one is twice as large, so that they stay few. */
const FIRST_PAGE_WORDS = 1 << 22;

/** An image on the GPU: one u32 per pixel (red lowest), rows top to bottom, from word `offset` of a page. */
export interface CachedImage {
  readonly page: GPUBuffer;
  readonly offset: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Images on the GPU by index. Over the budget, the least recently used are evicted first; held ones stay, even when that
 * exceeds the budget.
 */
export interface GpuImageCache {
  /** Holds an image once more and returns its size; undefined if it isn't there. */
  hold(index: number): { readonly width: number; readonly height: number } | undefined;
  /** Uploads an image, if it isn't there, and holds it once. Throws RangeError if it exceeds the largest buffer. */
  store(index: number, image: RgbImage): void;
  /** Undoes one hold. */
  release(index: number): void;
  find(index: number): CachedImage | undefined;
  destroy(): void;
}

interface Range {
  start: number;
  length: number;
}
interface Page {
  readonly buffer: GPUBuffer;
  /** In order, never touching. */
  readonly free: Range[];
}
interface Entry extends CachedImage {
  readonly home: Page;
  holds: number;
}

export function createGpuImageCache(device: GPUDevice, budgetBytes: number): GpuImageCache {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const maxWords = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 4);
  const pages: Page[] = [];
  // In the order of last use.
  const entries = new Map<number, Entry>();

  const addPage = (words: number): void => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ label: 'augment images', size: words * 4, usage });
    pages.push({ buffer, free: [{ start: 0, length: words }] });
  };
  const total = (): number => pages.reduce((sum, { buffer }) => sum + buffer.size / 4, 0);
  const take = (words: number): { home: Page; offset: number } | undefined => {
    for (const home of pages) {
      const offset = takeRange(home.free, words);
      if (offset !== undefined) return { home, offset };
    }
    return undefined;
  };
  const evictOldest = (): boolean => {
    for (const [index, entry] of entries) {
      if (entry.holds > 0) continue;
      entries.delete(index);
      freeRange(entry.home.free, { start: entry.offset, length: entry.width * entry.height });
      return true;
    }
    return false;
  };
  const reserve = (words: number): { home: Page; offset: number } => {
    for (;;) {
      const place = take(words);
      if (place) return place;
      const left = Math.floor(budgetBytes / 4) - total();
      const wanted = Math.min(maxWords, FIRST_PAGE_WORDS * 2 ** pages.length);
      if (left >= words) addPage(Math.max(words, Math.min(wanted, left)));
      // Everything is held: grow by as little as keeps the pages few.
      else if (!evictOldest()) addPage(Math.max(words, Math.min(maxWords, Math.ceil(total() / 4))));
    }
  };
  const use = (index: number): Entry | undefined => {
    const entry = entries.get(index);
    if (!entry) return undefined;
    entries.delete(index);
    entries.set(index, entry);
    entry.holds++;
    return entry;
  };

  return {
    hold: (index) => {
      const entry = use(index);
      return entry && { width: entry.width, height: entry.height };
    },
    store: (index, { width, height, data }) => {
      if (use(index)) return;
      if (width * height > maxWords)
        throw new RangeError(`a ${width}×${height} image doesn't fit a buffer of ${maxWords * 4} bytes`);
      const { home, offset } = reserve(width * height);
      upload(device, home.buffer, offset * 4, packPixels(data));
      entries.set(index, { page: home.buffer, home, offset, width, height, holds: 1 });
    },
    release: (index) => {
      const entry = entries.get(index);
      if (entry && entry.holds > 0) entry.holds--;
    },
    find: (index) => entries.get(index),
    destroy: () => pages.forEach(({ buffer }) => buffer.destroy()),
  };
}

/** Interleaved RGB bytes → one word per pixel. */
function packPixels(data: Uint8Array): Uint32Array {
  const words = new Uint32Array(data.length / 3);
  for (let pixel = 0, at = 0; pixel < words.length; pixel++, at += 3)
    words[pixel] = data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);
  return words;
}

/** The start of the first free range that is long enough, cut off it. */
function takeRange(free: Range[], length: number): number | undefined {
  const at = free.findIndex((range) => range.length >= length);
  if (at < 0) return undefined;
  const range = free[at];
  const { start } = range;
  range.start += length;
  range.length -= length;
  if (range.length === 0) free.splice(at, 1);
  return start;
}

/** Puts a range back and joins it with its neighbors. */
function freeRange(free: Range[], range: Range): void {
  let at = free.findIndex(({ start }) => start > range.start);
  if (at < 0) at = free.length;
  const before = at > 0 ? free[at - 1] : undefined;
  const after = free.at(at);
  const joined = { ...range };
  if (after && range.start + range.length === after.start) {
    joined.length += after.length;
    free.splice(at, 1);
  }
  if (before && before.start + before.length === range.start) before.length += joined.length;
  else free.splice(at, 0, joined);
}
