import { sizeOf } from '../../lib/shape.ts';
import type { Access, Term } from './graph.ts';

/** Element i belongs to element i. */
export const SAME: Access = { terms: [{ divisor: 1, modulus: undefined, stride: 1 }] };

export function isSame({ terms, window }: Access): boolean {
  if (window !== undefined || terms.length !== 1) return false;
  const [{ divisor, modulus, stride }] = terms;
  return divisor === 1 && modulus === undefined && stride === 1;
}

export function isEqual(a: Access, b: Access): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the shape that both broadcast to from the right. Throws where two sides differ and neither is 1. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] don't broadcast`);
    }
    return Math.max(left, right);
  });
}

/** Returns the access of an operand of shape `from` that is broadcast to `to`. */
export function broadcastAccess(from: readonly number[], to: readonly number[]): Access {
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  let stride = 1;
  const strides = padded.map(() => 0);
  for (let axis = to.length - 1; axis >= 0; axis--) {
    if (padded[axis] !== 1) strides[axis] = stride;
    stride *= padded[axis];
  }
  return stridedAccess(to, strides);
}

/** Element (i₀, i₁, …) of `shape` reads Σ iⱼ·strideⱼ. Axes that are contiguous in memory become one term. */
export function stridedAccess(shape: readonly number[], strides: readonly number[]): Access {
  const terms: (Term & { readonly modulus: number })[] = [];
  let divisor = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    const last = terms.at(-1);
    const modulus = shape[axis];
    if (strides[axis] !== 0) {
      if (last && last.divisor * last.modulus === divisor && last.stride * last.modulus === strides[axis])
        terms[terms.length - 1] = { ...last, modulus: last.modulus * modulus };
      else terms.push({ divisor, modulus, stride: strides[axis] });
    }
    divisor *= modulus;
  }
  // The outermost axis needs no remainder.
  const total = sizeOf(shape);
  return {
    terms: terms.map((term) => (term.divisor * term.modulus === total ? { ...term, modulus: undefined } : term)),
  };
}

/** Returns [outer, length, inner] for a reduction of the given axes, which must be neighbors. */
export function reductionAxes(
  shape: readonly number[],
  axes: readonly number[],
): { outer: number; length: number; inner: number } {
  const wanted = axes.map((axis) => (axis + shape.length) % shape.length).sort((a, b) => a - b);
  // Axes of 1 may stand between.
  const [first, last] = [wanted[0] ?? 0, wanted[wanted.length - 1] ?? -1];
  for (let axis = first; axis <= last; axis++) {
    if (!wanted.includes(axis) && shape[axis] !== 1) {
      throw new Error(
        `axes ${axes.join(', ')} of [${shape.join(', ')}] are not neighbors: reduce them one after another`,
      );
    }
  }
  return {
    outer: sizeOf(shape.slice(0, first)),
    length: sizeOf(shape.slice(first, last + 1)),
    inner: sizeOf(shape.slice(last + 1)),
  };
}
