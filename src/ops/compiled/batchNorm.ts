import { sizeOf } from '../../lib/shape.ts';
import type { BatchStatistics } from '../ops.ts';
import { stridedAccess } from './access.ts';
import type { Expression, Operand, Trace, Value } from './graph.ts';
import { sum } from './reductions.ts';
import { reshape } from './views.ts';

interface Options {
  readonly groups: number;
  readonly epsilon: number;
  readonly mask: Value | undefined;
}

/**
 * Train-mode BatchNorm. G groups · R rows each · C channels. One reduction forward, one backward; the normalization is
 * a map, so that a following ReLU, GELU or shortcut is computed in the same pass. Formulas: Ioffe & Szegedy 2015, with
 * sums over the kept rows.
 */
export function batchNorm(trace: Trace, x: Value, weight: Value, bias: Value, options: Options): BatchStatistics {
  const channels = x.shape[x.shape.length - 1];
  const length = sizeOf(x.shape) / channels / options.groups;
  const shape = [options.groups, length, channels];
  const flat = reshape(trace, x, shape);
  const keep = options.mask && reshape(trace, options.mask, [options.groups, length, 1]);
  const { mean, variance, inverse, rows } = moments(trace, flat, keep, options.epsilon);
  const each = [options.groups, 1, channels];
  const [m, inv] = [reshape(trace, mean, each), reshape(trace, inverse, each)];

  const backward = (gradient: Value): (Value | undefined)[] => {
    const { sumGradient, sumProduct } = gradientSums(trace, gradient, flat, m, inv);
    const [s1, s2] = [reshape(trace, sumGradient, each), reshape(trace, sumProduct, each)];
    const values = [gradient, flat, m, inv, s1, s2, weight, ...(keep ? [rows, keep] : [])];
    const operands: Operand[] = [...values.map((value) => ({ value })), ...(keep ? [] : [{ immediate: length }])];
    // Rows outside the mask don't feed the statistics, so they get no part of their gradient.
    const expression: Expression = ([d, z, mu, i, a, b, w, n, k = 'T(1)']) =>
      `((${d} - (${a} + (${z} - ${mu}) * ${i} * ${b}) / max(${n}, T(1)) * ${k}) * ${i} * ${w})`;
    const toInput = trace.map(shape, operands, expression);
    return [toInput, undefined, undefined, overGroups(trace, sumProduct), overGroups(trace, sumGradient)];
  };
  const operands: Operand[] = [flat, m, inv, weight, bias].map((value) => ({ value }));
  const y = trace.map(shape, operands, ([z, mu, i, w, b]) => `((${z} - ${mu}) * ${i} * ${w} + ${b})`, { backward });
  return { y: reshape(trace, y, x.shape), mean, variance, rows: reshape(trace, rows, [options.groups, 1]) };
}

interface Moments {
  /** [G,C] */
  readonly mean: Value;
  readonly variance: Value;
  /** 1/√(variance + ε) */
  readonly inverse: Value;
  /** [G,1,1] */
  readonly rows: Value;
}

/**
 * Sums of x − s and (x − s)² in one pass, s being each channel's first value: a number from the distribution itself, so
 * that few digits cancel in Σ(x−s)² − (Σ(x−s))²/n.
 */
function moments(trace: Trace, flat: Value, keep: Value | undefined, epsilon: number): Moments {
  const [groups, length, channels] = flat.shape;
  const first = { value: flat, access: stridedAccess(flat.shape, [length * channels, 0, 1]) };
  const kept: Operand[] = keep ? [{ value: keep }] : [];
  const offset = trace.map(flat.shape, [{ value: flat }, first, ...kept], ([x, s, ...mask]) =>
    mask.length === 0 ? `(${x} - ${s})` : `((${x} - ${s}) * ${mask[0]})`,
  );
  const square = trace.map(flat.shape, [{ value: offset }], ([d]) => `(${d} * ${d})`);
  const rows = keep ? sum(trace, keep, [1], true) : trace.map([groups, 1, 1], [{ immediate: length }], ([n]) => n);
  const shape = [groups, channels];
  const finishOperands: Operand[] = [
    { value: flat, access: stridedAccess(shape, [length * channels, 1]) },
    keep ? { value: rows, access: stridedAccess(shape, [1, 0]) } : { immediate: length },
    { immediate: epsilon },
  ];
  const spread = (s1: string, s2: string, n: string): string =>
    `(max(${s2} - ${s1} * ${s1} / max(${n}, T(1)), T(0)) / max(${n}, T(1)))`;
  const finish: Expression[] = [
    // With no kept rows the mean is 0, as the sums are.
    ([s1, , s, n]) => `(select(T(0), ${s}, ${n} > T(0)) + ${s1} / max(${n}, T(1)))`,
    ([s1, s2, , n]) => spread(s1, s2, n),
    ([s1, s2, , n, eps]) => `inverseSqrt(${spread(s1, s2, n)} + ${eps})`,
  ];
  const inputs = [offset, square];
  const node = { combine: 'sum', outer: groups, length, inner: channels, inputs, finish, finishOperands } as const;
  const [mean, variance, inverse] = trace.reduce(node, shape);
  return { mean, variance, inverse, rows };
}

/** Σ dy and Σ dy·x̂ over the rows of each group: [G,C] each. */
function gradientSums(trace: Trace, gradient: Value, flat: Value, mean: Value, inverse: Value) {
  const [groups, length, channels] = flat.shape;
  const operands = [gradient, flat, mean, inverse].map((value) => ({ value }));
  const product = trace.map(flat.shape, operands, ([d, x, m, i]) => `(${d} * (${x} - ${m}) * ${i})`);
  const finish: Expression[] = [([s1]) => s1, ([, s2]) => s2];
  const inputs = [gradient, product];
  const node = { combine: 'sum', outer: groups, length, inner: channels, inputs, finish, finishOperands: [] } as const;
  const [sumGradient, sumProduct] = trace.reduce(node, [groups, channels]);
  return { sumGradient, sumProduct };
}

/** Sums over groups, [G,C] → [C], inside the kernels that use the result. */
function overGroups(trace: Trace, sums: Value): Value {
  const [groups, channels] = sums.shape;
  const operands = Array.from({ length: groups }, (_, group) => ({
    value: trace.view(sums, group * channels, [channels]),
  }));
  return trace.map([channels], operands, (args) => `(${args.join(' + ')})`);
}
