import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import type { Health, Overlay } from '../domain/reports.ts';
import { describeHealth } from './describeHealth.ts';
import { createHealthCounter } from './healthCounter.ts';
import { segmentationSize } from './segmenter.ts';
import type { OverlayOutput, OverlayInference } from './overlayInference.ts';

/** Overlays and health of the watched images at one step. */
export interface Watched {
  readonly overlays: readonly Overlay[];
  readonly health: Health;
}

/** Watched images of at most this many pixels together form one batch; larger ones run one by one, to fit any device. */
const MAX_BATCH_PIXELS = 2 ** 20;

/** Segments the watched images with the teacher, and measures both networks on them. `step` is the number of steps done. */
export async function drawOverlays(inference: OverlayInference, images: ImageSource, step: number): Promise<Watched> {
  const { config } = inference.model;
  const { prototypes } = config;
  const size = overlaySize(config);
  // Spread over the folder, so that neighbors in name, which tend to look alike, don't crowd the view.
  const count = Math.min(config.watchedImages, images.count);
  const indices = Array.from({ length: count }, (_, slot) => Math.floor((slot * images.count) / count));
  const batchSize = count * size * size <= MAX_BATCH_PIXELS ? count : 1;
  const counter = createHealthCounter(config, count);
  const overlays: Overlay[] = [];
  for (let start = 0; start < count; start += batchSize) {
    const part = indices.slice(start, start + batchSize);
    const squares: RgbImage[] = [];
    for (const index of part) squares.push(resizeCenterCrop(await images.get(index), size, size, 'bilinear'));
    const output = await inference.run(squares);
    squares.forEach((square, at) => {
      const one = outputOf(output, at, squares.length);
      const labels = upsampleArgmax(one.dots, prototypes, output.height, output.width, size, size);
      counter.add(one, labels);
      overlays.push({ imageIndex: part[at], path: images.path(part[at]), size, rgb: square.data, labels });
    });
  }
  return { overlays, health: describeHealth(counter.measures(), config, step) };
}

/**
 * Side of an overlay in pixels. Scores and embeddings use `segmentationSize` regardless, so that they compare across runs.
 */
export function overlaySize(config: Config): number {
  const { overlaySize: wanted, outputStride } = config;
  if (wanted === 0) return segmentationSize(config);
  return Math.max(2, Math.round(wanted / outputStride)) * outputStride;
}

/** Outputs of image `at` of a batch of `count`. */
function outputOf(output: OverlayOutput, at: number, count: number): Pick<OverlayOutput, 'dots' | 'studentDots' | 'z'> {
  const part = (all: Float32Array): Float32Array =>
    all.subarray((at * all.length) / count, ((at + 1) * all.length) / count);
  return { dots: part(output.dots), studentDots: part(output.studentDots), z: part(output.z) };
}
