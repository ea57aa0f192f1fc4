import { OVERLAY_CROPS } from '../config/defaults.ts';
import type { Config } from '../config/fields.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createInference, inferDots, type InferenceOutput, type Inference } from './inference.ts';

/** Cosines of the teacher's projections with its prototypes: dots [N,h·w,K]. */
export type Dots = InferenceOutput<'dots'>;

/** Segments images with the teacher network. */
export type Segmenter = Inference<'dots'>;

export function createSegmenter(engine: Engine, model: Model): Segmenter {
  return createInference(engine, model, (images) => ({ dots: inferDots(model, 'teacher', images).dots }));
}

/**
 * Side in pixels of the square images that are scored and embedded, and of overlays by default: `OVERLAY_CROPS`, rounded to
 * whole cells.
 */
export function segmentationSize({ cropSize, outputStride }: Pick<Config, 'cropSize' | 'outputStride'>): number {
  return Math.round((OVERLAY_CROPS * cropSize) / outputStride) * outputStride;
}

/**
 * Side in pixels of the squares that overlays and exported masks are made of: the shorter side of an image. Scores and embeddings use `segmentationSize` regardless, so that they compare across runs.
 */
export function overlaySize(config: Config): number {
  const { overlaySize: wanted, outputStride } = config;
  if (wanted === 0) return segmentationSize(config);
  return Math.max(2, Math.round(wanted / outputStride)) * outputStride;
}
