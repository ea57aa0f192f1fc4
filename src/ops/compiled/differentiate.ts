import type { Trace, Value } from './graph.ts';

/** Returns ∂loss/∂target for each target, backward through the trace; 0 where the loss doesn't depend on it. */
export function differentiate(trace: Trace, loss: Value, targets: readonly Value[]): Value[] {
  const gradients = new Map<Value, Value>();
  const add = (value: Value, gradient: Value): void => {
    const before = gradients.get(value);
    const total = before
      ? trace.map(value.shape, [{ value: before }, { value: gradient }], ([a, b]) => `(${a} + ${b})`)
      : gradient;
    gradients.set(value, total);
  };
  add(loss, constant(trace, [], 1));
  for (const value of upstream(loss)) {
    const gradient = gradients.get(value);
    if (!gradient || !value.backward) continue;
    const toParents = value.backward(gradient);
    value.parents.forEach((parent, index) => {
      const part = toParents[index];
      if (part && trace.isTracked(parent)) add(parent, part);
    });
  }
  return targets.map((target) => gradients.get(target) ?? constant(trace, target.shape, 0));
}

/** Returns all ancestors of a value and itself, latest first. */
function upstream(value: Value): Value[] {
  const seen = new Set<Value>();
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.parents);
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function constant(trace: Trace, shape: readonly number[], value: number): Value {
  return trace.map(shape, [{ immediate: value }], ([only]) => only);
}
