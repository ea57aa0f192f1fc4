import type { Kernel } from '../kernel.ts';
import { gemmHelpers, type GemmAddressing, type GemmStrategy } from './gemmCode.ts';
import { gemmTableWords, packGemmTable, type GemmShared, type GemmSlice } from './gemmSlice.ts';
import { gemmMain, gemmTile, readsVectors } from './gemmStrategies.ts';

/** Maximum workgroups along one axis on every adapter. */
const MAX_WORKGROUPS = 65535;

/** A product of matrices on operands [a, b, out], or several of them side by side, one a slice. */
export interface GemmPlan {
  readonly name: string;
  readonly addressing: GemmAddressing;
  /** b, out and n in multiples of 4 floats. */
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

/** Lays tiles over the slices of a plan. */
export function gemmKernel(plan: GemmPlan, strategy: GemmStrategy): Kernel {
  const { name, addressing, shared, slices, extra = [] } = plan;
  const element = plan.aligned && readsVectors(strategy, plan.n) ? 'vec4f' : 'f32';
  const width = element === 'vec4f' ? 4 : 1;
  const columns = plan.n / width;
  const wholeRuns =
    strategy.kind === 'subgroup' &&
    !addressing.rowsAdjacent &&
    slices.every(({ run = 1 }) => run % strategy.size === 0);
  const tile = gemmTile(strategy, columns, element, wholeRuns);
  const columnTiles = Math.ceil(columns / tile.columns);
  const rowTiles = Math.ceil(Math.max(...slices.map(({ rows = 0 }) => rows)) / tile.rows);
  const fold = Math.ceil(rowTiles / MAX_WORKGROUPS);
  const words = gemmTableWords(slices.length);
  return {
    name,
    element,
    flop: plan.flop,
    workgroups: [columnTiles * fold, Math.ceil(rowTiles / fold), slices.length],
    ...(strategy.kind === 'subgroup' ? { enables: ['subgroups'] } : {}),
    code: ([a, b, out]) =>
      gemmHelpers(addressing, element, a) + gemmMain(strategy, addressing, tile, wholeRuns, [b, out]),
    table: ([aOffset, bOffset, outOffset]) => [
      ...packGemmTable(
        { ...shared, columns, columnTiles, fold, bStride: (shared.bStride ?? plan.n) / width },
        slices.map((slice) => ({
          ...slice,
          a: aOffset + (slice.a ?? 0),
          b: (bOffset + (slice.b ?? 0)) / width,
          out: (outOffset + (slice.out ?? 0)) / width,
          taps: words + (slice.taps ?? 0),
        })),
      ),
      ...extra,
    ],
  };
}
