import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createImageProgram, inferDots, type InferenceOutput, type ImageProgram } from './imageProgram.ts';

/** Cosines of the teacher's prototypes and cells: dots [N,h,w,K]. */
export type Dots = InferenceOutput<'dots'>;

/** The teacher's eyes. */
export type Segmenter = ImageProgram<'dots'>;

export function createSegmenter(engine: Engine, model: Model): Segmenter {
  return createImageProgram(engine, model, (images) => ({ dots: inferDots(model, 'teacher', images).dots }));
}

/** Side of the square pictures that are scored, embedded and, unless another is asked for, drawn: half as large again as a training crop, in whole cells. */
export function segmentationSize({ cropSize, outputStride }: { cropSize: number; outputStride: number }): number {
  return Math.round((1.5 * cropSize) / outputStride) * outputStride;
}
