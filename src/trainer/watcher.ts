import type { Engine } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';
import { createPictureProgram, lookThrough, type Answers, type PictureProgram } from './pictureProgram.ts';

/**
 * What both networks make of pictures: cosines of the teacher's prototypes and cells, dots [N,h·w,K], the same of the
 * student, and the teacher's projections, z [N,h·w,D].
 */
export type Seen = Answers<'dots' | 'studentDots' | 'z'>;

/** Looks through both networks. */
export interface Watcher extends PictureProgram<'dots' | 'studentDots' | 'z'> {
  readonly model: Model;
}

export function createWatcher(engine: Engine, model: Model): Watcher {
  const program = createPictureProgram(engine, model, (ops, images) => {
    const [student, teacher] = [lookThrough(ops, model, 'q', images), lookThrough(ops, model, 'k', images)];
    return { dots: teacher.dots, studentDots: student.dots, z: teacher.z };
  });
  return { model, ...program };
}
