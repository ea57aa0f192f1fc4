import type { DecodedFile, SkippedFile } from '../../domain/images.ts';
import { errorMessage } from '../../lib/errors.ts';
import { pagePath } from './pagePath.ts';
import type { OpenFile, StoredPixels } from './pixels/storedPixels.ts';
import { shrinkPixels } from './pixels/shrinkPixels.ts';
import { corrupt, isRefusal, type Refusal } from './refusal.ts';
import { HEAD_BYTES, sniffFormat, sniffImage, type SniffedImage } from './sniff.ts';
import type { TargetSize } from './targetSize.ts';

/** A decoded image with its path (see `pagePath`), or why it is skipped. */
export type FileImage = (DecodedFile & { readonly path: string }) | { readonly skipped: SkippedFile };

/** Decodes what each place decodes by its own means; may reject. */
export type DecodePlain = (bytes: Uint8Array<ArrayBuffer>, sniffed: SniffedImage) => Promise<StoredPixels | Refusal>;

/** Decodes the images of a file one by one. Never throws: what can't be used is skipped, with the reason. */
export async function* decodeImages(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  target: TargetSize,
  decodePlain: DecodePlain,
): AsyncGenerator<FileImage> {
  const file = await openFile(bytes, path, decodePlain);
  if (isRefusal(file)) {
    yield { skipped: { path, ...file } };
    return;
  }
  for (let page = 1; page <= file.pages; page++) {
    const own = pagePath(path, page, file.pages);
    const decoded = await decodeOpened(file, page, target);
    yield isRefusal(decoded) ? { skipped: { path: own, ...decoded } } : { path: own, ...decoded };
  }
}

/** Decodes one image of a file, as `decodeImages` does; `page` counts from 1. */
export async function decodeOne(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  page: number,
  target: TargetSize,
  decodePlain: DecodePlain,
): Promise<DecodedFile | { readonly skipped: SkippedFile }> {
  const file = await openFile(bytes, path, decodePlain);
  const decoded = isRefusal(file) ? file : await decodeOpened(file, page, target);
  return isRefusal(decoded) ? { skipped: { path, ...decoded } } : decoded;
}

async function decodeOpened(file: OpenFile, page: number, target: TargetSize): Promise<DecodedFile | Refusal> {
  if (page > file.pages) return corrupt(`It holds ${file.pages} images, there is no image ${page}.`);
  try {
    const stored = await file.open(page);
    if (isRefusal(stored)) return stored;
    try {
      return await shrinkPixels(stored, target);
    } finally {
      stored.close?.();
    }
  } catch (thrown) {
    return corrupt(`The pixels can't be decoded (${errorMessage(thrown).trim()}).`);
  }
}

async function openFile(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  decodePlain: DecodePlain,
): Promise<OpenFile | Refusal> {
  const head = sniffFormat(bytes.subarray(0, HEAD_BYTES), path);
  if (isRefusal(head)) return head;
  const { format } = head;
  // Decoders of rare formats are loaded when such a file is met.
  if (format === 'tiff') return (await import('./tiff/openTiff.ts')).openTiff(bytes);
  const sniffed = sniffImage(bytes, format);
  if (isRefusal(sniffed)) return sniffed;
  const open = async (): Promise<StoredPixels | Refusal> => {
    // Browsers cut 16 bits to 8.
    const isDeep = format === 'png' && bytes[24] === 16;
    if (isDeep) return (await import('./deepPng.ts')).decodeDeepPng(bytes, sniffed.orientation);
    return decodePlain(bytes, sniffed);
  };
  return { pages: 1, open };
}
