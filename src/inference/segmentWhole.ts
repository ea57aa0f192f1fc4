import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { cropResize, resizeCrop, resizedSize, roundHalfToEven } from '../data/augment/resample.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import { overlaySize } from './overlays.ts';
import { filledUp } from './imageProgram.ts';
import type { Segmenter } from './segment.ts';

/** Squares a forward pass. Always as many, as every number is a program of its own; the last pass is filled up. */
const BATCH = 8;

/** The winning prototype of each pixel of a whole working copy. */
export interface WholeMask {
  readonly imageIndex: number;
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly labels: Uint16Array;
}

/**
 * Segments whole pictures, of any shape, in the squares that `coverWithWindows` lays over them. In the central square it is
 * the segmentation that overlays show. `onProgress` hears after every pass how many pictures are done, the fraction of the
 * present one included; masks come in the order of the images.
 */
export async function* segmentWhole(
  segmenter: Segmenter,
  config: Config,
  images: ImageSource,
  onProgress: (done: number) => void | Promise<void> = () => undefined,
): AsyncGenerator<WholeMask> {
  const pending: Pending[] = [];
  const pieces: Piece[] = [];
  let begun = 0;
  const pass = async (): Promise<void> => {
    await look(segmenter, config.prototypes, pieces.splice(0));
    const open = pending.find(({ done, windows }) => done < windows.length);
    await onProgress(open ? open.mask.imageIndex + open.done / open.windows.length : begun);
  };
  const finished = (): WholeMask[] => {
    const open = pending.findIndex(({ done, windows }) => done < windows.length);
    return pending.splice(0, open < 0 ? pending.length : open).map(({ mask, full }) => stretched(mask, full));
  };
  for (let imageIndex = 0; imageIndex < images.count; imageIndex++) {
    const full = await images.get(imageIndex);
    const image = squeezed(full);
    const whole = begin(image, imageIndex, full);
    pending.push(whole);
    begun += 1;
    for (const window of whole.windows) {
      pieces.push({ whole, window, picture: pictureOf(image, window, overlaySize(config)) });
      if (pieces.length === BATCH) await pass();
    }
    yield* finished();
  }
  if (pieces.length > 0) await pass();
  yield* finished();
}

/** A square over a picture, along whose longer side it is somewhere and whose shorter side it spans. */
export interface Window {
  /** Where it begins. */
  readonly start: number;
  /** The part that it decides: from here to before there. */
  readonly from: number;
  readonly to: number;
}

/**
 * Squares that cover a picture, the sooner the more central. The central one decides all it shows; those beside it, up to
 * the ends, what is left, and the outermost are flush with the ends. So there are about as many as the longer side is
 * times the shorter.
 */
export function coverWithWindows(longer: number, shorter: number): Window[] {
  const center = roundHalfToEven((longer - shorter) / 2);
  const windows = [{ start: center, from: center, to: center + shorter }];
  for (let to = center; to > 0; to -= shorter) {
    const start = Math.max(0, to - shorter);
    windows.push({ start, from: start, to });
  }
  for (let from = center + shorter; from < longer; from += shorter) {
    const start = Math.min(from, longer - shorter);
    windows.push({ start, from, to: start + shorter });
  }
  return windows;
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/** A longer strip would take minutes for what no eye can tell: it is looked at squeezed. */
const MOST_ASPECT = 32;

function squeezed(image: RgbImage): RgbImage {
  const { width, height } = image;
  const most = MOST_ASPECT * Math.min(width, height);
  if (Math.max(width, height) <= most) return image;
  const box = { top: 0, left: 0, height, width };
  return cropResize(image, box, Math.min(height, most), Math.min(width, most), 'bilinear');
}

/** The mask of a squeezed picture in the picture's own size. */
function stretched(mask: WholeMask, { width, height }: Size): WholeMask {
  if (mask.width === width && mask.height === height) return mask;
  const labels = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++) labels[y * width + x] = mask.labels[row + Math.floor((x * mask.width) / width)];
  }
  return { ...mask, width, height, labels };
}

interface Pending {
  readonly mask: WholeMask;
  /** What the mask is to have in the end. */
  readonly full: Size;
  readonly windows: readonly Window[];
  /** Windows that have been looked through. */
  done: number;
}

interface Piece {
  readonly whole: Pending;
  readonly window: Window;
  readonly picture: RgbImage;
}

function begin({ width, height }: RgbImage, imageIndex: number, full: Size): Pending {
  return {
    full: { width: full.width, height: full.height },
    mask: { imageIndex, width, height, labels: new Uint16Array(width * height) },
    windows: coverWithWindows(Math.max(width, height), Math.min(width, height)),
    done: 0,
  };
}

/** What the model is shown of a window: cut out of the resized picture, as the central square of the overlays is. */
function pictureOf(image: RgbImage, { start }: Window, size: number): RgbImage {
  const resized = resizedSize(image, size);
  const [longer, shorter] = [Math.max(image.width, image.height), Math.min(image.width, image.height)];
  const [resizedLonger, slack] = [Math.max(resized.width, resized.height), longer - shorter];
  const most = resizedLonger - size;
  const isCentral = start === roundHalfToEven(slack / 2);
  const at = isCentral ? roundHalfToEven(most / 2) : Math.round((start / slack) * most);
  const [top, left] = image.width < image.height ? [at, 0] : [0, at];
  return resizeCrop(image, resized, { top, left, width: size, height: size }, 'bilinear');
}

/** Segments up to a batch of pieces, and writes each one's part into its mask. */
async function look(segmenter: Segmenter, prototypes: number, pieces: readonly Piece[]): Promise<void> {
  const {
    dots: all,
    height,
    width,
  } = await segmenter.run(
    filledUp(
      pieces.map(({ picture }) => picture),
      BATCH,
    ),
  );
  const cells = height * width * prototypes;
  pieces.forEach(({ whole, window }, at) => {
    const side = Math.min(whole.mask.width, whole.mask.height);
    const dots = all.subarray(at * cells, (at + 1) * cells);
    paste(whole.mask, window, upsampleArgmax(dots, prototypes, height, width, side, side), side);
    whole.done += 1;
  });
}

/** `square` holds the labels of the whole window, side × side. */
function paste(
  { width, height, labels }: WholeMask,
  { start, from, to }: Window,
  square: Uint16Array,
  side: number,
): void {
  if (width < height) {
    labels.set(square.subarray((from - start) * side, (to - start) * side), from * width);
    return;
  }
  for (let y = 0; y < height; y++) {
    labels.set(square.subarray(y * side + from - start, y * side + to - start), y * width + from);
  }
}
