import type { Kernel } from '../kernel.ts';
import type { GemmAddressing, GemmStrategy } from './gemmCode.ts';
import { gemmKernel, type GemmPlan } from './gemmKernel.ts';
import type { GemmSlice } from './gemmSlice.ts';
import { denseGrid, FILTER, INPUT, tapWords } from './gemmWindows.ts';

/** Strides count floats. The columns of b and out lie next to each other. */
export interface MatMulShape {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly aBatchStride: number;
  readonly aRowStride: number;
  readonly aColumnStride: number;
  readonly bBatchStride: number;
  readonly bRowStride: number;
  /** Parts that k is cut into; the results of the parts lie behind each other, to be added by another kernel. */
  readonly splits: number;
  /** n, b's strides and the offsets of a, b and out are multiples of 4. */
  readonly aligned: boolean;
}

const STRIDED: Pick<GemmAddressing, 'parts'> = {
  parts: `
fn rowPart(i: u32, s: Slice) -> vec3u { return vec3u(s.a + i * s.rowStride, 0u, 0u); }
fn depthPart(k: u32, s: Slice) -> vec3u { return vec3u(k * s.depthStride, 0u, 0u); }`,
};

/** Operands [a, b, out]: a [batch, m, k] · b [batch, k, n] → out [splits, batch, m, n]. */
export function matMulKernel(shape: MatMulShape, strategy: GemmStrategy): Kernel {
  const { batch, m, n, k, splits, aligned } = shape;
  const slices = Array.from({ length: splits * batch }, (_, z): GemmSlice => {
    const [split, item] = [Math.floor(z / batch), z % batch];
    return {
      rows: m,
      ...splitDepth(k, splits, split),
      a: item * shape.aBatchStride,
      b: item * shape.bBatchStride,
      out: z * m * n,
    };
  });
  const plan = { name: 'matMul', aligned, n, flop: 2 * batch * m * n * k };
  const layout = strategy.kind === 'subgroup' ? asWindows(shape, slices) : asStrides(shape, slices);
  return gemmKernel({ ...plan, ...layout }, strategy);
}

const areRowsAdjacent = ({ aRowStride, aColumnStride }: MatMulShape): boolean =>
  aRowStride === 1 && aColumnStride !== 1;

type Layout = Pick<GemmPlan, 'addressing' | 'shared' | 'slices' | 'extra'>;

function asStrides(shape: MatMulShape, slices: readonly GemmSlice[]): Layout {
  const { aRowStride, aColumnStride, bRowStride } = shape;
  return {
    addressing: { ...STRIDED, rowsAdjacent: areRowsAdjacent(shape) },
    // No image: nothing is outside of it.
    shared: { bStride: bRowStride, rowStride: aRowStride, depthStride: aColumnStride, height: 1, width: 1 },
    slices,
  };
}

/**
 * As the convolution of an image of one line, with a window of one pixel, or as the gradient of its filter: shares their
 * pipelines, which CPU adapters compile slowly.
 */
function asWindows(shape: MatMulShape, slices: readonly GemmSlice[]): Layout {
  const { m, k, aRowStride, aColumnStride, bRowStride } = shape;
  const rowsAdjacent = areRowsAdjacent(shape);
  // A run of depths has to fit into its row, whose stride means nothing where it is the only one.
  const [pixels, channels] = rowsAdjacent ? [k, aColumnStride] : [m, m === 1 ? k : aRowStride];
  return {
    addressing: rowsAdjacent ? FILTER : INPUT,
    shared: { bStride: bRowStride, channels, height: 1, width: pixels, step: 1, ...denseGrid(1, pixels) },
    // Each part of the depth is an image of its own.
    slices: slices.map(({ a = 0, b = 0, depthBegin = 0, depthEnd = 0, ...slice }) => ({
      ...slice,
      a: a + depthBegin * aColumnStride,
      b: b + depthBegin * bRowStride,
      depthEnd: depthEnd - depthBegin,
      gridHeight: 1,
      gridWidth: pixels,
      run: rowsAdjacent ? m : depthEnd - depthBegin,
    })),
    extra: tapWords(0, 0, 1, 1, 0),
  };
}

/** What parts of a depth are multiples of: the depths of a turn of any strategy. */
const PART_DEPTHS = 4;

/** The part of 0 … depth - 1 that split number `split` adds up; may be empty. */
export function splitDepth(depth: number, splits: number, split: number): { depthBegin: number; depthEnd: number } {
  const size = Math.ceil(depth / splits / PART_DEPTHS) * PART_DEPTHS;
  return { depthBegin: Math.min(split * size, depth), depthEnd: Math.min((split + 1) * size, depth) };
}
