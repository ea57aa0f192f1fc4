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
 * Side in pixels of the square images that are scored and embedded, and of overlays by default: 1.5 training crops, rounded
 * to whole cells.
 */
export function segmentationSize({ cropSize, outputStride }: { cropSize: number; outputStride: number }): number {
  return Math.round((1.5 * cropSize) / outputStride) * outputStride;
}
