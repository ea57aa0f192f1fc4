import {
  paintIsolated,
  paintSegments,
  segmentPalette,
  segmentsOf,
  texturedPrototypes,
  type Segments,
} from '../../domain/segmentPaint.ts';
import { COARSE, coarseLabels, slotLabels, type LabelWindow, type SlotGrid } from '../../domain/slotGrid.ts';
import type { FrameTask } from './frameQueue.ts';

/** Fills a canvas with words of RGBA. */
export function drawPixels(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  paint: (out: Uint32Array) => void,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  paint(new Uint32Array(image.data.buffer));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** What is drawn of the slots of an image: all segments, or one prototype alone, of a part of the image. */
export interface SegmentDrawing {
  readonly grid: SlotGrid;
  readonly window: LabelWindow;
  /** Prototypes of the run. */
  readonly count: number;
  readonly isolated?: number | undefined;
  /** Gray as of `slotLabels`, called where edges are followed. */
  gray(part: LabelWindow): Float32Array | undefined;
}

/** Pixels that are labeled at once by `drawSegmentsInBands`: some milliseconds. */
const BAND_PIXELS = 2 ** 15;

/** Draws at once, for what follows the pointer. */
export function drawSegments(canvas: HTMLCanvasElement, drawing: SegmentDrawing): void {
  const { grid, window, gray } = drawing;
  paint(canvas, drawing, segmentsOf(grid, window, grid.slopes && gray(window)));
}

/** Draws band by band: a task of the frame queue. When all labels are there, `show` is called and calls what it is given. */
export function drawSegmentsInBands(
  canvas: HTMLCanvasElement,
  drawing: SegmentDrawing,
  show: (draw: () => void) => void = (draw) => draw(),
): FrameTask {
  const { grid, window, gray } = drawing;
  const { width, height } = window;
  const labels = new Uint16Array(width * height);
  const rows = Math.ceil(BAND_PIXELS / width);
  let from = 0;
  return () => {
    const band = { ...window, top: window.top + from, height: Math.min(rows, height - from) };
    labels.set(slotLabels(grid, band, grid.slopes && gray(band)), from * width);
    from += rows;
    if (from < height) return true;
    show(() => paint(canvas, drawing, { labels, width, height }));
    return false;
  };
}

function paint(canvas: HTMLCanvasElement, { grid, window, count, isolated }: SegmentDrawing, segments: Segments): void {
  const palette = segmentPalette(count);
  drawPixels(canvas, window.width, window.height, (out) => {
    if (isolated === undefined) paintSegments(segments, palette, texturedOf(grid, count), devicePixelRatio, out);
    else paintIsolated(segments, isolated, palette, devicePixelRatio, out);
  });
}

const textured = new WeakMap<SlotGrid, Uint8Array>();

/** Prototypes drawn with a texture: decided by the whole image, so that a part looks the same. */
function texturedOf(grid: SlotGrid, count: number): Uint8Array {
  const known = textured.get(grid);
  if (known?.length === count) return known;
  const found = texturedPrototypes(coarseLabels(grid), COARSE * grid.columns, segmentPalette(count));
  textured.set(grid, found);
  return found;
}
