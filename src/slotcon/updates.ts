import type { StepScalars } from '../nn/optimizers/optimizer.ts';
import { OPTIMIZERS } from '../nn/optimizers/optimizers.ts';
import type { Engine } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import { encoderScalarsOf, isOfEncoder, unlessFrozen } from './encoderRate.ts';
import type { Model } from './model.ts';

/** ξ ← m ξ + (1−m) θ over parameters; running statistics stay the teacher's own. */
export function updateTeacher(engine: Engine, model: Model, m: Tensor): void {
  model.teacher.forEach(({ variable: teacher }, index) => {
    const { variable: student } = model.student[index];
    engine.assign(teacher, teacher.value.mul(m).add(student.value.mul(m.rsub(1))));
  });
}

/** The optimizer on every parameter; gradients in the order of `model.student`. */
export function updateStudent(
  engine: Engine,
  { config, student }: Model,
  gradients: readonly Tensor[],
  scalars: StepScalars,
): void {
  const optimizer = OPTIMIZERS[config.optimizer];
  const ofEncoder = encoderScalarsOf(scalars);
  student.forEach(({ name, variable, dimensions, slots }, index) => {
    const own = isOfEncoder(name) ? ofEncoder : undefined;
    const before = { parameter: variable.value, slots: slots.map((slot) => slot.variable.value) };
    const after = optimizer.update(config, dimensions, before, gradients[index], own?.scalars ?? scalars);
    const keep = (next: Tensor, last: Tensor): Tensor => (own?.trains ? unlessFrozen(own.trains, next, last) : next);
    after.slots.forEach((value, slot) => engine.assign(slots[slot].variable, keep(value, before.slots[slot])));
    engine.assign(variable, keep(after.parameter, before.parameter));
  });
}
