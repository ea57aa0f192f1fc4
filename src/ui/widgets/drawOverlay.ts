import { paintIsolated, paintSegments, segmentPalette, type Raster, type Segments } from '../../domain/segmentPaint.ts';

/** Fills a canvas with words of RGBA. */
export function drawPixels(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
  paint: (out: Uint32Array) => void,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  paint(new Uint32Array(image.data.buffer));
  const context = canvas.getContext('2d');
  context?.putImageData(image, 0, 0);
}

/** All segments, or one alone, in the pixels of a raster. */
export function drawSegments(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  segments: Segments,
  raster: Raster,
  count: number,
  isolated: number | undefined,
): void {
  const look = segmentPalette(count);
  drawPixels(canvas, raster.columns.length, raster.rows.length, (out) => {
    if (isolated === undefined) paintSegments(segments, raster, look, devicePixelRatio, out);
    else paintIsolated(segments, raster, isolated, look, devicePixelRatio, out);
  });
}
