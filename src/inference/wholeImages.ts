import type { Config } from '../config/fields.ts';
import { cropResize } from '../data/resample.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import { padBatch } from './imageBatches.ts';
import { overlaySize } from './overlays.ts';
import type { Segmenter } from './segmenter.ts';
import { coverWithSquares, cropSquare, type CoverSquare } from './squareCover.ts';

/** Squares per forward pass. Always the same, as every batch size is a program of its own; the last batch is padded. */
const BATCH = 8;

/** Winning prototype of each pixel of a whole working copy. */
export interface WholeMask {
  readonly imageIndex: number;
  readonly width: number;
  readonly height: number;
  /** height × width, row by row. */
  readonly labels: Uint16Array;
}

/**
 * Segments whole images of any shape, in the squares of `coverWithSquares`. The central square is segmented as in overlays.
 * Yields masks in the order of the images. `onProgress` is called after every batch with the number of images done,
 * including the fraction of the present one.
 */
export async function* segmentWholeImages(
  segmenter: Segmenter,
  config: Config,
  images: ImageSource,
  onProgress: (done: number) => void | Promise<void> = () => undefined,
): AsyncGenerator<WholeMask> {
  const pending: PendingMask[] = [];
  const crops: Crop[] = [];
  let begun = 0;
  const runBatch = async (): Promise<void> => {
    await segmentCrops(segmenter, config.prototypes, crops.splice(0));
    const open = pending.find(({ done, squares }) => done < squares.length);
    await onProgress(open ? open.mask.imageIndex + open.done / open.squares.length : begun);
  };
  const takeFinished = (): WholeMask[] => {
    const open = pending.findIndex(({ done, squares }) => done < squares.length);
    return pending.splice(0, open < 0 ? pending.length : open).map(({ mask, fullSize }) => resizeMask(mask, fullSize));
  };
  for (let imageIndex = 0; imageIndex < images.count; imageIndex++) {
    const full = await images.get(imageIndex);
    const image = limitAspect(full);
    const target = createPendingMask(image, imageIndex, full);
    pending.push(target);
    begun += 1;
    for (const square of target.squares) {
      crops.push({ target, square, image: cropSquare(image, square, overlaySize(config)) });
      if (crops.length === BATCH) await runBatch();
    }
    yield* takeFinished();
  }
  if (crops.length > 0) await runBatch();
  yield* takeFinished();
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/** Images longer than this many times their shorter side are squeezed: they would take minutes without a visible gain. */
const MAX_ASPECT = 32;

function limitAspect(image: RgbImage): RgbImage {
  const { width, height } = image;
  const maxSide = MAX_ASPECT * Math.min(width, height);
  if (Math.max(width, height) <= maxSide) return image;
  const box = { top: 0, left: 0, height, width };
  return cropResize(image, box, Math.min(height, maxSide), Math.min(width, maxSide), 'bilinear');
}

/** Nearest-neighbor resize. */
function resizeMask(mask: WholeMask, { width, height }: Size): WholeMask {
  if (mask.width === width && mask.height === height) return mask;
  const labels = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++) labels[y * width + x] = mask.labels[row + Math.floor((x * mask.width) / width)];
  }
  return { ...mask, width, height, labels };
}

interface PendingMask {
  readonly mask: WholeMask;
  /** Size of the image before `limitAspect`. */
  readonly fullSize: Size;
  readonly squares: readonly CoverSquare[];
  /** Number of squares that have been segmented. */
  done: number;
}

interface Crop {
  readonly target: PendingMask;
  readonly square: CoverSquare;
  readonly image: RgbImage;
}

function createPendingMask({ width, height }: RgbImage, imageIndex: number, fullSize: Size): PendingMask {
  return {
    fullSize: { width: fullSize.width, height: fullSize.height },
    mask: { imageIndex, width, height, labels: new Uint16Array(width * height) },
    squares: coverWithSquares(Math.max(width, height), Math.min(width, height)),
    done: 0,
  };
}

/** Segments up to a batch of crops, and writes their labels into their masks. */
async function segmentCrops(segmenter: Segmenter, prototypes: number, crops: readonly Crop[]): Promise<void> {
  const batch = padBatch(
    crops.map(({ image }) => image),
    BATCH,
  );
  const { dots: all, height, width } = await segmenter.run(batch);
  const cells = height * width * prototypes;
  crops.forEach(({ target, square }, at) => {
    const side = Math.min(target.mask.width, target.mask.height);
    const dots = all.subarray(at * cells, (at + 1) * cells);
    pasteLabels(target.mask, square, upsampleArgmax(dots, prototypes, height, width, side, side), side);
    target.done += 1;
  });
}

/** `labels` are those of the whole square, side × side. */
function pasteLabels(mask: WholeMask, { start, from, to }: CoverSquare, labels: Uint16Array, side: number): void {
  if (mask.width < mask.height) {
    mask.labels.set(labels.subarray((from - start) * side, (to - start) * side), from * mask.width);
    return;
  }
  for (let y = 0; y < mask.height; y++) {
    mask.labels.set(labels.subarray(y * side + from - start, y * side + to - start), y * mask.width + from);
  }
}
