import type { Engine } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';
import { createPictureProgram, lookThrough, type Answers, type PictureProgram } from './imageProgram.ts';

type Output = 'dots' | 'studentDots' | 'z';

/**
 * What both networks make of pictures. N pictures · h×w cells · K prototypes · D channels: the cosines of the teacher's
 * prototypes and cells, dots [N,h·w,K], those of the student, and the teacher's projections z [N,h·w,D].
 */
export type Seen = Answers<Output>;

/** Looks through both networks. */
export interface Watcher extends PictureProgram<Output> {
  readonly model: Model;
}

export function createWatcher(engine: Engine, model: Model): Watcher {
  const program = createPictureProgram(engine, model, (ops, images) => {
    const { dots: studentDots } = lookThrough(ops, model, 'q', images);
    return { ...lookThrough(ops, model, 'k', images), studentDots };
  });
  return { model, ...program };
}
