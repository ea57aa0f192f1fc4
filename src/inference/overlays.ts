import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { resizeCenterCrop } from '../data/augment/resample.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import type { Health, Overlay } from '../domain/reports.ts';
import { createHealthCounter, readHealth } from './watchedHealth.ts';
import { segmentationSize } from './segment.ts';
import type { OverlayOutput, OverlayInference } from './overlayInference.ts';

/** What is shown of the watched images at one step. */
export interface Watched {
  readonly overlays: readonly Overlay[];
  readonly health: Health;
}

/** Pictures of so many pixels go through the networks together; larger ones one by one, so that they fit any device. */
const PIXELS_TOGETHER = 2 ** 20;

/** The watched images with the teacher's slots, and how well both networks do on them after so many steps. */
export async function drawOverlays(inference: OverlayInference, images: ImageSource, step: number): Promise<Watched> {
  const { config } = inference.model;
  const { prototypes } = config;
  const size = overlaySize(config);
  // Spread over the folder, so that neighbors in name, which tend to look alike, don't crowd the view.
  const count = Math.min(config.watchedImages, images.count);
  const indices = Array.from({ length: count }, (_, slot) => Math.floor((slot * images.count) / count));
  const together = count * size * size <= PIXELS_TOGETHER ? count : 1;
  const tally = createHealthCounter(config, count);
  const overlays: Overlay[] = [];
  for (let start = 0; start < count; start += together) {
    const part = indices.slice(start, start + together);
    const squares: RgbImage[] = [];
    for (const index of part) squares.push(resizeCenterCrop(await images.get(index), size, size, 'bilinear'));
    const seen = await inference.run(squares);
    squares.forEach((square, at) => {
      const one = imageOf(seen, at, squares.length);
      const labels = upsampleArgmax(one.dots, prototypes, seen.height, seen.width, size, size);
      tally.add(one, labels);
      overlays.push({ imageIndex: part[at], path: images.path(part[at]), size, rgb: square.data, labels });
    });
  }
  return { overlays, health: readHealth(tally.measures(), config, step) };
}

/**
 * Side of the pictures that are drawn. Scores and embeddings go by `segmentationSize` whatever is drawn, so that they
 * compare from run to run.
 */
export function overlaySize(config: Config): number {
  const { overlaySize: wanted, outputStride } = config;
  if (wanted === 0) return segmentationSize(config);
  return Math.max(2, Math.round(wanted / outputStride)) * outputStride;
}

function imageOf(seen: OverlayOutput, at: number, count: number): Pick<OverlayOutput, 'dots' | 'studentDots' | 'z'> {
  const part = (all: Float32Array): Float32Array =>
    all.subarray((at * all.length) / count, ((at + 1) * all.length) / count);
  return { dots: part(seen.dots), studentDots: part(seen.studentDots), z: part(seen.z) };
}
