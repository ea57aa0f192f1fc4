import type { KernelChoices } from '../../gpu/kernelChoices.ts';
import type { Handle, Ops } from '../ops.ts';
import { broadcastShape } from './access.ts';
import { batchNorm } from './batchNorm.ts';
import { conv2d, matMul, maxPool } from './contractions.ts';
import { valueOf, type Expression, type Operand, type Trace, type TraceContext, type Value } from './graph.ts';
import { l2Normalize, logSumExp, reduced, softmax, sum, times, unbroadcast } from './reductions.ts';
import { concat, reshape, slice } from './views.ts';

/** Creates operations that record nodes of a trace, each with its backward rule. */
export function createCompiledOps(trace: Trace, choices: KernelChoices): Ops {
  const context: TraceContext = { trace, choices };
  const unary =
    (expression: (x: string) => string, slope?: (x: Value, y: Value, gradient: Value) => Value, heavy = false) =>
    (x: Handle): Value => {
      const input = valueOf(x);
      const output: Value = trace.map(input.shape, [{ value: input }], ([arg]) => expression(arg), {
        heavy,
        ...(slope && { backward: (gradient: Value) => [slope(input, output, gradient)] }),
      });
      return output;
    };
  const combine = (operands: readonly Operand[], shape: readonly number[], expression: Expression, heavy = false) =>
    trace.map(shape, operands, expression, { heavy });
  /** Maps expression(gradient, values…) element by element. */
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
    slice: (x, start, count) => slice(context, valueOf(x), start, count),

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
    mulScalar: (x, factor) => mulScalar(trace, valueOf(x), factor),
    addScalar: (x, term) => {
      const input = valueOf(x);
      return trace.map(input.shape, [{ value: input }, { immediate: term }], ([a, t]) => `(${a} + ${t})`, {
        backward: (gradient) => [gradient],
      });
    },
    clipMin: (x, min) => {
      const input = valueOf(x);
      return trace.map(input.shape, [{ value: input }, { immediate: min }], ([a, m]) => `max(${a}, ${m})`, {
        backward: (gradient) => [
          combine(
            [{ value: gradient }, { value: input }, { immediate: min }],
            input.shape,
            ([d, a, m]) => `select(T(0), ${d}, ${a} >= ${m})`,
          ),
        ],
      });
    },
    where: (condition, x, otherwise) => selected(trace, valueOf(condition), valueOf(x), otherwise),
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
    greater: (x, threshold) => {
      const input = valueOf(x);
      const operands: Operand[] = [{ value: input }, { immediate: threshold }];
      return combine(operands, input.shape, ([a, t]) => `select(T(0), T(1), ${a} > ${t})`);
    },

    sum: (x, axes, keepDims = false) => sum(trace, valueOf(x), axes, keepDims),
    max: (x, axis) => {
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

/** Element by element with broadcasting; gradients are summed to the shapes of the operands. */
function binary(
  { trace }: TraceContext,
  expression: Expression,
  slopes: (gradient: Value, a: Value, b: Value) => readonly [Value, Value],
) {
  return (left: Handle, right: Handle): Value => {
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

function mulScalar(trace: Trace, input: Value, factor: number): Value {
  return trace.map(input.shape, [{ value: input }, { immediate: factor }], ([a, f]) => `(${a} * ${f})`, {
    backward: (gradient) => [mulScalar(trace, gradient, factor)],
  });
}

/** The input where the condition is above 0, else a number. */
function selected(trace: Trace, condition: Value, input: Value, otherwise: number): Value {
  const operands: Operand[] = [{ value: condition }, { value: input }, { immediate: otherwise }];
  return trace.map(input.shape, operands, ([c, a, o]) => `select(${o}, ${a}, ${c} > T(0))`, {
    backward: (gradient) => [undefined, selected(trace, condition, gradient, 0)],
  });
}

/** 0, 1, … count−1 as floats. */
function counter(trace: Trace, count: number): Value {
  const data = Float32Array.from({ length: count }, (_, index) => index);
  return trace.value([count], { kind: 'constant', data });
}
