import type { Kernel } from '../kernel.ts';
import { gemmHelpers, type GemmAddressing, type GemmProduct, type GemmStrategy } from './gemmCode.ts';
import { gemmTableWords, packGemmTable, type GemmShared, type GemmSlice } from './gemmSlice.ts';
import { gemmForm } from './gemmStrategies.ts';

/** Maximum workgroups along one axis on every adapter. */
const MAX_WORKGROUPS = 65535;

/** A product of matrices on operands [a, b, out], or several of them side by side, one a slice. */
export interface GemmPlan {
  readonly name: string;
  readonly addressing: GemmAddressing;
  /** Where a, b and out begin, and n, in multiples of 4 floats. */
  readonly aligned: boolean;
  /** Columns of every slice, in floats. */
  readonly n: number;
  /** Strides and offsets relative to the operands, all in floats. */
  readonly shared: GemmShared;
  readonly slices: readonly GemmSlice[];
  /** Numbers of the table after the slices; `taps` counts from there. */
  readonly extra?: readonly number[];
  readonly flop: number;
}

/** A kernel that remembers its plan, for merging. */
interface GemmKernel extends Kernel {
  readonly plan: GemmPlan;
}

/** Lays tiles over the slices of a plan. */
export function gemmKernel(plan: GemmPlan, strategy: GemmStrategy): Kernel {
  return kernelOf([plan], strategy);
}

/** Plans whose kernels have one form, one after another; operands [a, b, out] of each. */
function kernelOf(plans: readonly GemmPlan[], strategy: GemmStrategy): GemmKernel {
  const [plan] = plans;
  const { name, addressing, shared } = plan;
  const slices = plans.flatMap((each) => each.slices);
  const element = plan.aligned && strategy.vectors ? 'vec4f' : 'f32';
  const width = element === 'vec4f' ? 4 : 1;
  const columns = plan.n / width;
  const flop = plans.reduce((total, each) => total + each.flop, 0);
  const product: GemmProduct = { addressing, element, columns, channels: shared.channels ?? 1, slices, flop };
  const { tile, main } = gemmForm(strategy, product);
  const columnTiles = Math.ceil(columns / tile.columns);
  const rowTiles = Math.ceil(Math.max(...slices.map(({ rows = 0 }) => rows)) / tile.rows);
  const fold = Math.ceil(rowTiles / MAX_WORKGROUPS);
  const code = (a: string, b: string, out: string): string => gemmHelpers(addressing, element, a) + main([a, b, out]);
  const numbers = { ...shared, columns, columnTiles, fold, bStride: (shared.bStride ?? plan.n) / width };
  const merge = (others: readonly Kernel[]): Kernel =>
    kernelOf([plan, ...others.map((other) => (other as GemmKernel).plan)], strategy);
  return {
    name,
    element,
    plan,
    flop,
    workgroups: [columnTiles * fold, Math.ceil(rowTiles / fold), slices.length],
    ...(strategy.kind === 'subgroup' ? { enables: ['subgroups'] } : {}),
    code: ([a, b, out]) => code(a, b, out),
    table: (offsets) => tableOf(plans, numbers, offsets, width),
    merging: { form: JSON.stringify([numbers, rowTiles, code('a', 'b', 'out')]), merge },
  };
}

/** `width`: floats of an element of b and out. */
function tableOf(
  plans: readonly GemmPlan[],
  shared: GemmShared,
  offsets: readonly number[],
  width: number,
): ArrayLike<number> {
  let taps = gemmTableWords(plans.reduce((total, { slices }) => total + slices.length, 0));
  const slices = plans.flatMap(({ slices, extra = [] }, index) => {
    const [a, b, out] = offsets.slice(3 * index, 3 * index + 3);
    const first = taps;
    taps += extra.length;
    return slices.map((slice) => ({
      ...slice,
      a: a + (slice.a ?? 0),
      b: (b + (slice.b ?? 0)) / width,
      out: (out + (slice.out ?? 0)) / width,
      taps: first + (slice.taps ?? 0),
    }));
  });
  return [...packGemmTable(shared, slices), ...plans.flatMap(({ extra = [] }) => extra)];
}
