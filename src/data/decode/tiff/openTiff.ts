import { fromArrayBuffer, type GeoTIFF } from 'geotiff';
import { errorMessage } from '../../../lib/errors.ts';
import type { OpenFile } from '../pixels/storedPixels.ts';
import { refuseRaw } from '../otherFormats.ts';
import { corrupt, isRefusal, truncated, type Refusal } from '../refusal.ts';
import { openPage } from './openPage.ts';
import { PHOTOMETRIC, readTags, type TiffDirectory, type TiffImage } from './tags.ts';

/** Opens a TIFF, whose pages are images of their own. */
export async function openTiff(bytes: Uint8Array<ArrayBuffer>): Promise<OpenFile | Refusal> {
  let tiff: GeoTIFF;
  try {
    tiff = await fromArrayBuffer(bytes.buffer);
  } catch (thrown) {
    return bytes.length < 16 ? truncated(bytes) : corrupt(`The TIFF can't be read (${errorMessage(thrown)}).`);
  }
  const pages = await listPages(tiff, bytes);
  const [first] = pages;
  if (isRefusal(first)) return first;
  if (isRaw(first.fileDirectory)) return refuseRaw();
  return {
    pages: pages.length,
    open: async (page) => {
      const image = pages[page - 1];
      if (isRefusal(image)) return image;
      return openPage(bytes, await readTags(image.fileDirectory), image.littleEndian);
    },
  };
}

/** Reads the directories up to the first that is damaged. Smaller copies of an image and masks of its transparency are no pages. */
async function listPages(tiff: GeoTIFF, bytes: Uint8Array): Promise<(TiffImage | Refusal)[]> {
  const found: (TiffImage | Refusal)[] = [];
  const seen = new Set<number>();
  for (let next = tiff.firstIFDOffset; next !== 0;) {
    if (seen.has(next)) break;
    seen.add(next);
    try {
      if (next + 2 > bytes.length) throw new RangeError();
      const image = await tiff.getImage(found.length);
      found.push(image);
      next = image.fileDirectory.nextIFDByteOffset;
    } catch (thrown) {
      found.push(
        thrown instanceof RangeError ? truncated(bytes) : corrupt(`The TIFF is damaged (${errorMessage(thrown)}).`),
      );
      break;
    }
  }
  if (found.length === 0) return [corrupt('The TIFF holds no image.')];
  const pages = found.filter((image) => isRefusal(image) || (subfileType(image.fileDirectory) & 5) === 0);
  return pages.some((page) => !isRefusal(page)) ? pages : found;
}

/** Bits of NewSubfileType: 1 a smaller copy, 4 a mask. */
function subfileType(directory: TiffDirectory): number {
  return directory.getValue('NewSubfileType') ?? 0;
}

/** True for the TIFFs that cameras write: a preview that refers to the pixels of the sensor, a DNG, or those pixels. */
function isRaw(directory: TiffDirectory): boolean {
  const photometric: unknown = directory.getValue('PhotometricInterpretation');
  const isSensor = photometric === PHOTOMETRIC.colorFilterArray || photometric === PHOTOMETRIC.linearRaw;
  const isPreview = (subfileType(directory) & 1) === 1 && directory.hasTag(271) && directory.hasTag(330);
  return isSensor || isPreview || directory.hasTag(50706);
}
