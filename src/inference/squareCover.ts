import { resizeCrop, resizedSize, roundHalfToEven } from '../data/resample.ts';
import type { RgbImage } from '../domain/images.ts';

/** A square as large as an image's shorter side, at some position along the longer side. In pixels of the longer side. */
export interface CoverSquare {
  readonly start: number;
  /** The labels of the square are used in [from, to); elsewhere another square's are. */
  readonly from: number;
  readonly to: number;
}

/**
 * Covers an image with squares, about as many as its longer side is times the shorter. The central square comes first and
 * is used whole; those beside it fill up to the ends, where the outermost squares are flush with the image.
 */
export function coverWithSquares(longer: number, shorter: number): CoverSquare[] {
  const center = roundHalfToEven((longer - shorter) / 2);
  const squares = [{ start: center, from: center, to: center + shorter }];
  for (let to = center; to > 0; to -= shorter) {
    const start = Math.max(0, to - shorter);
    squares.push({ start, from: start, to });
  }
  for (let from = center + shorter; from < longer; from += shorter) {
    const start = Math.min(from, longer - shorter);
    squares.push({ start, from, to: start + shorter });
  }
  return squares;
}

/** Crops a square of an image, resized to size × size; the central square as overlays crop theirs. */
export function cropSquare(image: RgbImage, { start }: CoverSquare, size: number): RgbImage {
  const resized = resizedSize(image, size);
  const [longer, shorter] = [Math.max(image.width, image.height), Math.min(image.width, image.height)];
  const [resizedLonger, slack] = [Math.max(resized.width, resized.height), longer - shorter];
  const resizedSlack = resizedLonger - size;
  const isCentral = start === roundHalfToEven(slack / 2);
  const at = isCentral ? roundHalfToEven(resizedSlack / 2) : Math.round((start / slack) * resizedSlack);
  const [top, left] = image.width < image.height ? [at, 0] : [0, at];
  return resizeCrop(image, resized, { top, left, width: size, height: size }, 'bilinear');
}
