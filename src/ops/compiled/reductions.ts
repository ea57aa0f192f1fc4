import { broadcastAccess, broadcastShape, reductionAxes } from './access.ts';
import type { Combine, Expression, Trace, Value } from './graph.ts';
import { reshape } from './views.ts';

export function times(trace: Trace, a: Value, b: Value): Value {
  return trace.map(broadcastShape(a.shape, b.shape), [{ value: a }, { value: b }], ([x, y]) => `(${x} * ${y})`);
}

const identity: Expression = ([only]) => only;

/** Reduces one input, without further operands. */
export function reduced(
  trace: Trace,
  input: Value,
  combine: Combine,
  axes: readonly number[],
  shape: readonly number[],
  backward?: (gradient: Value) => readonly (Value | undefined)[],
): Value {
  const node = {
    combine,
    ...reductionAxes(input.shape, axes),
    inputs: [input],
    finish: [identity],
    finishOperands: [],
  };
  return trace.reduce(node, shape, backward)[0];
}

export function sum(trace: Trace, input: Value, axes: readonly number[], keepDims = false): Value {
  const wanted = axes.map((axis) => (axis + input.shape.length) % input.shape.length);
  const kept = input.shape.map((side, axis) => (wanted.includes(axis) ? 1 : side));
  const shape = keepDims ? kept : input.shape.filter((_, axis) => !wanted.includes(axis));
  // Each sum has one term: no kernel is needed.
  if (reductionAxes(input.shape, axes).length === 1) return reshape(trace, input, shape);
  return reduced(trace, input, 'sum', axes, shape, (gradient) => [
    broadcastTo(trace, reshape(trace, gradient, kept), input.shape),
  ]);
}

function broadcastTo(trace: Trace, input: Value, shape: readonly number[]): Value {
  return trace.map(shape, [{ value: input, access: broadcastAccess(input.shape, shape) }], identity);
}

/** One pass; its gradient is the softmax. */
export function logSumExp(trace: Trace, input: Value): Value {
  const shape = [...input.shape.slice(0, -1), 1];
  const output: Value = reduced(trace, input, 'logSumExp', [-1], shape, (gradient) => {
    const operands = [gradient, input, output].map((value) => ({ value }));
    return [trace.map(input.shape, operands, ([d, x, all]) => `(${d} * exp(${x} - ${all}))`, { heavy: true })];
  });
  return output;
}

/** exp(x − log Σ exp x): one reduction, the rest computed where it is needed. */
export function softmax(trace: Trace, input: Value): Value {
  const normalizer = logSumExp(trace, input);
  const operands = [input, normalizer].map((value) => ({ value }));
  const output: Value = trace.map(input.shape, operands, ([x, all]) => `exp(${x} - ${all})`, {
    heavy: true,
    backward: (gradient) => {
      const mean = sum(trace, times(trace, gradient, output), [-1], true);
      const parts = [gradient, output, mean].map((value) => ({ value }));
      return [trace.map(input.shape, parts, ([d, y, m]) => `(${y} * (${d} - ${m}))`), undefined];
    },
  });
  return output;
}

export function l2Normalize(trace: Trace, input: Value): Value {
  const square = times(trace, input, input);
  const extent = reductionAxes(input.shape, [-1]);
  const [norm] = trace.reduce(
    {
      combine: 'sum',
      ...extent,
      inputs: [square],
      // 1e-12 as torch.nn.functional.normalize
      finish: [([total]) => `max(sqrt(${total}), T(1e-12))`],
      finishOperands: [],
    },
    [...input.shape.slice(0, -1), 1],
  );
  const output: Value = trace.map(input.shape, [{ value: input }, { value: norm }], ([x, n]) => `(${x} / ${n})`, {
    backward: (gradient) => {
      const along = sum(trace, times(trace, gradient, output), [-1], true);
      const operands = [gradient, output, along, norm].map((value) => ({ value }));
      return [trace.map(input.shape, operands, ([d, y, a, n]) => `((${d} - ${y} * ${a}) / ${n})`), undefined];
    },
  });
  return output;
}

/** Returns the gradient of a broadcast operand: summed over the axes it was repeated along. */
export function unbroadcast(trace: Trace, gradient: Value, shape: readonly number[]): Value {
  const missing = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((side, axis) =>
    side !== 1 && (shape[axis - missing] ?? 1) === 1 ? [axis] : [],
  );
  // A reduction handles one run of neighboring axes.
  let result = gradient;
  for (let last = repeated.pop(); last !== undefined; last = repeated.pop()) {
    const run = [last];
    while (repeated.at(-1) === run[0] - 1) {
      run.unshift(run[0] - 1);
      repeated.pop();
    }
    result = sum(trace, result, run, true);
  }
  return reshape(trace, result, shape);
}
