import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createEdgeFilter, type EdgeFilter } from './edges/edgeFilter.ts';
import { createInference, inferDots, type InferenceOutput, type Inference } from './inference.ts';

type Output = 'dots' | 'studentDots' | 'z';

/**
 * Outputs of both networks. N images · h×w cells · K prototypes · D channels: cosines of the teacher's projections with
 * its prototypes, dots [N,h·w,K], the same of the student, and the teacher's projections z [N,h·w,D].
 */
export type OverlayOutput = InferenceOutput<Output>;

/** Inference with both networks, for overlays and health measures. */
export interface OverlayInference extends Inference<Output> {
  readonly model: Model;
  /** Created when it is first asked for. */
  edges(): Promise<EdgeFilter>;
}

export function createOverlayInference(engine: Engine, model: Model): OverlayInference {
  const program = createInference(engine, model, (images) => {
    const { dots: studentDots } = inferDots(model, 'student', images);
    return { ...inferDots(model, 'teacher', images), studentDots };
  });
  let edges: Promise<EdgeFilter> | undefined;
  return {
    model,
    run: program.run,
    edges: () => (edges ??= createEdgeFilter(engine)),
    dispose: () => {
      program.dispose();
      void edges?.then((filter) => filter.destroy());
    },
  };
}
