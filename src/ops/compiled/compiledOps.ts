import type { Ops, Tensor } from '../ops.ts';
import { broadcastShape } from './access.ts';
import { batchNorm } from './batchNorm.ts';
import { conv2d, matMul, maxPool } from './contractions.ts';
import {
  valueOf,
  type Expression,
  type Operand,
  type Policy,
  type Trace,
  type TraceContext,
  type Value,
} from './graph.ts';
import { l2Normalize, logSumExp, reduced, softmax, sum, times, unbroadcast } from './reductions.ts';
import { concat, reshape, rows } from './views.ts';

/** The operations as nodes of a trace, each with its backward rule. Source of the rules: calculus. */
export function createCompiledOps(trace: Trace, policy: Policy): Ops {
  const context: TraceContext = { trace, policy };
  const unary =
    (expression: (x: string) => string, slope?: (x: Value, y: Value, gradient: Value) => Value, heavy = false) =>
    (x: Tensor): Value => {
      const input = valueOf(x);
      const output: Value = trace.map(input.shape, [{ value: input }], ([arg]) => expression(arg), {
        heavy,
        ...(slope && { backward: (gradient: Value) => [slope(input, output, gradient)] }),
      });
      return output;
    };
  const combine = (operands: readonly Operand[], shape: readonly number[], expression: Expression, heavy = false) =>
    trace.map(shape, operands, expression, { heavy });
  /** expression(gradient, values…), element by element. */
  const local = (gradient: Value, values: readonly Value[], expression: Expression, heavy = false): Value =>
    combine(
      [gradient, ...values].map((value) => ({ value })),
      gradient.shape,
      expression,
      heavy,
    );

  return {
    reshape: (x, shape) => reshape(trace, valueOf(x), shape),
    concat: (parts) => concat(context, parts.map(valueOf)),
    rows: (x, start, count) => rows(context, valueOf(x), start, count),

    add: binary(
      context,
      ([a, b]) => `(${a} + ${b})`,
      (g) => [g, g],
    ),
    sub: binary(
      context,
      ([a, b]) => `(${a} - ${b})`,
      (g) => [g, local(g, [], ([d]) => `(-${d})`)],
    ),
    mul: binary(
      context,
      ([a, b]) => `(${a} * ${b})`,
      (g, a, b) => [times(trace, g, b), times(trace, g, a)],
    ),
    div: binary(
      context,
      ([a, b]) => `(${a} / ${b})`,
      (g, a, b) => [
        combine([{ value: g }, { value: b }], g.shape, ([d, y]) => `(${d} / ${y})`),
        combine([{ value: g }, { value: a }, { value: b }], g.shape, ([d, x, y]) => `(-${d} * ${x} / (${y} * ${y}))`),
      ],
    ),
    max: binary(
      context,
      ([a, b]) => `max(${a}, ${b})`,
      (g, a, b) => {
        const both: Operand[] = [{ value: g }, { value: a }, { value: b }];
        return [
          combine(both, g.shape, ([d, x, y]) => `select(T(0), ${d}, ${x} >= ${y})`),
          combine(both, g.shape, ([d, x, y]) => `select(${d}, T(0), ${x} >= ${y})`),
        ];
      },
    ),
    scale: (x, factor) => scaled(trace, valueOf(x), factor),
    shift: (x, term) => {
      const input = valueOf(x);
      return trace.map(input.shape, [{ value: input }, { immediate: term }], ([a, t]) => `(${a} + ${t})`, {
        backward: (gradient) => [gradient],
      });
    },
    sqrt: unary(
      (x) => `sqrt(${x})`,
      (_, y, g) => local(g, [y], ([d, root]) => `(T(0.5) * ${d} / ${root})`),
    ),
    log: unary(
      (x) => `log(${x})`,
      (x, _, g) => local(g, [x], ([d, z]) => `(${d} / ${z})`),
      true,
    ),
    relu: unary(
      (x) => `max(${x}, T(0))`,
      (_, y, g) => local(g, [y], ([d, out]) => `select(T(0), ${d}, ${out} > T(0))`),
    ),
    gelu: unary(
      (x) => `(${x} * normalCdf(${x}))`,
      (x, _, g) => local(g, [x], ([d, z]) => `(${d} * (normalCdf(${z}) + ${z} * normalPdf(${z})))`, true),
      true,
    ),
    step: unary((x) => `select(T(0), T(1), ${x} > T(0))`),

    sum: (x, axes, keepDims = false) => sum(trace, valueOf(x), axes, keepDims),
    maxOver: (x, axis) => {
      const input = valueOf(x);
      return reduced(trace, input, 'max', [axis], input.shape.toSpliced(axis, 1));
    },
    softmax: (x) => softmax(trace, valueOf(x)),
    logSumExp: (x) => logSumExp(trace, valueOf(x)),
    l2Normalize: (x) => l2Normalize(trace, valueOf(x)),
    oneHotArgMax: (x) => {
      const input = valueOf(x);
      const winner = reduced(trace, input, 'argMax', [-1], [...input.shape.slice(0, -1), 1]);
      const k = input.shape[input.shape.length - 1];
      const index = counter(trace, k);
      return combine(
        [{ value: winner }, { value: index }],
        input.shape,
        ([best, own]) => `select(T(0), T(1), ${best} == ${own})`,
      );
    },

    matMul: (a, b, transpose = {}) =>
      matMul(context, valueOf(a), valueOf(b), transpose.a ?? false, transpose.b ?? false),
    conv2d: (x, kernel, options) => conv2d(context, valueOf(x), valueOf(kernel), options),
    maxPool: (x) => maxPool(context, valueOf(x)),
    batchNorm: (x, weight, bias, options) => {
      const mask = options.mask === undefined ? undefined : valueOf(options.mask);
      return batchNorm(trace, valueOf(x), valueOf(weight), valueOf(bias), { ...options, mask });
    },
    detach: (x) => trace.view(valueOf(x), 0, x.shape),
  };
}

/** Element by element with broadcasting; the gradients that come back are summed to the operands' shapes. */
function binary(
  { trace }: TraceContext,
  expression: Expression,
  slopes: (gradient: Value, a: Value, b: Value) => readonly [Value, Value],
) {
  return (left: Tensor, right: Tensor): Value => {
    const [a, b] = [valueOf(left), valueOf(right)];
    const shape = broadcastShape(a.shape, b.shape);
    return trace.map(shape, [{ value: a }, { value: b }], expression, {
      backward: (gradient) => {
        const [toA, toB] = slopes(gradient, a, b);
        return [
          trace.isTracked(a) ? unbroadcast(trace, toA, a.shape) : undefined,
          trace.isTracked(b) ? unbroadcast(trace, toB, b.shape) : undefined,
        ];
      },
    });
  };
}

function scaled(trace: Trace, input: Value, factor: number): Value {
  return trace.map(input.shape, [{ value: input }, { immediate: factor }], ([a, f]) => `(${a} * ${f})`, {
    backward: (gradient) => [scaled(trace, gradient, factor)],
  });
}

/** 0, 1, … count−1 as floats. */
function counter(trace: Trace, count: number): Value {
  const data = Float32Array.from({ length: count }, (_, index) => index);
  return trace.value([count], { kind: 'constant', data });
}
