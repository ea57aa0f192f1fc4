import type { DisplayImage } from '../../state/display/displayCopies.ts';
import { gray601 } from '../../lib/edges/guidedFilter.ts';
import { paintImage } from '../../domain/imagePaint.ts';
import type { Overlay } from '../../domain/reports.ts';
import { labelAt, type LabelWindow } from '../../domain/slotGrid.ts';
import type { RgbImage } from '../../domain/images.ts';
import { drawPixels } from '../widgets/drawOverlay.ts';
import { useDisplayCopy } from './useDisplayCopy.ts';

/** A whole image: its copy for the screen, or its preview, which is drawn when it is needed. */
export type Picture = ImageBitmap | HTMLCanvasElement | RgbImage;

/** The best copy of an image for `side` device pixels; at first its preview. */
export function usePicture(image: DisplayImage | undefined, preview: RgbImage, side: number): Picture {
  return useDisplayCopy(image, side) ?? preview;
}

const canvases = new WeakMap<Uint8Array, HTMLCanvasElement>();

/** What a canvas can draw of a picture. */
export function drawableOf(picture: Picture): ImageBitmap | HTMLCanvasElement {
  if (!('data' in picture)) return picture;
  const { width, height, data } = picture;
  const known = canvases.get(data);
  if (known) return known;
  const canvas = document.createElement('canvas');
  drawPixels(canvas, width, height, (out) => paintImage(data, out));
  canvases.set(data, canvas);
  return canvas;
}

let scratch: OffscreenCanvas | undefined;

/** Gray of each pixel of a part of a picture, from −0.5 to 0.5; undefined if its copy was closed. */
export function grayOf(picture: Picture, window: LabelWindow): Float32Array | undefined {
  if (picture.width === 0) return undefined;
  const { width, height, left, top, imageWidth, imageHeight } = window;
  scratch ??= new OffscreenCanvas(1, 1);
  [scratch.width, scratch.height] = [width, height];
  const context = scratch.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(drawableOf(picture), -left, -top, imageWidth, imageHeight);
  const { data } = context.getImageData(0, 0, width, height);
  const gray = new Float32Array(width * height);
  for (let at = 0; at < gray.length; at++) gray[at] = gray601(data[4 * at], data[4 * at + 1], data[4 * at + 2]);
  return gray;
}

/** Label that is shown at a place of an image, both coordinates from 0 to 1; undefined outside. */
export function shownLabel(
  { grid, edges, preview: { width, height, data } }: Overlay,
  followEdges: boolean,
  x: number,
  y: number,
): number | undefined {
  if (!followEdges) return labelAt(grid, x, y);
  const at = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
  return labelAt(edges, x, y, gray601(data[at], data[at + 1], data[at + 2]));
}
