import type { Kernel } from '../kernel.ts';
import type { GemmAddressing, GemmStrategy } from './gemmCode.ts';
import { gemmKernel } from './gemmKernel.ts';

export type { GemmStrategy } from './gemmCode.ts';

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
  /** n, b's strides and the offsets of b and out are multiples of 4. */
  readonly aligned: boolean;
}

const STRIDED: Omit<GemmAddressing, 'rowsAdjacent'> = {
  picture: false,
  tap: 'fn tapAt(t: u32, s: Slice) -> vec4u { return vec4u(s.depthBegin * s.depthStride, 0u, 0u, s.depthBegin); }',
  parts: `
fn rowPart(i: u32, s: Slice) -> vec3u { return vec3u(s.a + i * s.rowStride, 0u, 0u); }
fn depthPart(k: u32, s: Slice) -> vec3u { return vec3u(k * s.depthStride, 0u, 0u); }`,
};

/** Operands [a, b, out]: a [batch, m, k] · b [batch, k, n] → out [splits, batch, m, n]. */
export function matMulKernel(shape: MatMulShape, strategy: GemmStrategy): Kernel {
  const { batch, m, n, k, splits, aligned } = shape;
  const slices = Array.from({ length: splits * batch }, (_, z) => {
    const [split, item] = [Math.floor(z / batch), z % batch];
    const part = splitDepth(k, splits, split);
    return {
      rows: m,
      ...part,
      // One run, if depths are adjacent.
      run: shape.aColumnStride === 1 ? part.depthEnd - part.depthBegin : 1,
      a: item * shape.aBatchStride,
      b: item * shape.bBatchStride,
      out: z * m * n,
    };
  });
  const shared = {
    ...{ bStride: shape.bRowStride, rowStride: shape.aRowStride, depthStride: shape.aColumnStride },
    // There is no picture: everything is inside of it.
    ...{ height: 1, width: 1 },
  };
  const addressing = { ...STRIDED, rowsAdjacent: shape.aRowStride === 1 && shape.aColumnStride !== 1 };
  return gemmKernel({ name: 'matMul', addressing, aligned, n, shared, slices, flop: 2 * batch * m * n * k }, strategy);
}

/** The part of 0 … depth - 1 that split number `split` adds up; may be empty. */
export function splitDepth(depth: number, splits: number, split: number): { depthBegin: number; depthEnd: number } {
  // Lanes of a subgroup take 8 depths at once.
  const size = Math.ceil(depth / splits / 8) * 8;
  return { depthBegin: Math.min(split * size, depth), depthEnd: Math.min((split + 1) * size, depth) };
}
