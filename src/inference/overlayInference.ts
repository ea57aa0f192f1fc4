import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createImageProgram, inferDots, type InferenceOutput, type ImageProgram } from './imageProgram.ts';

type Output = 'dots' | 'studentDots' | 'z';

/**
 * What both networks make of pictures. N pictures · h×w cells · K prototypes · D channels: the cosines of the teacher's
 * prototypes and cells, dots [N,h·w,K], those of the student, and the teacher's projections z [N,h·w,D].
 */
export type OverlayOutput = InferenceOutput<Output>;

/** Looks through both networks. */
export interface OverlayInference extends ImageProgram<Output> {
  readonly model: Model;
}

export function createOverlayInference(engine: Engine, model: Model): OverlayInference {
  const program = createImageProgram(engine, model, (images) => {
    const { dots: studentDots } = inferDots(model, 'student', images);
    return { ...inferDots(model, 'teacher', images), studentDots };
  });
  return { model, ...program };
}
