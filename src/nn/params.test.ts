import { describe, expect, it } from 'vitest';
import { torchShape, fromTorch, toTorch } from './params.ts';

const counting = (count: number): Float32Array => Float32Array.from({ length: count }, (_, index) => index);

describe('layouts', () => {
  it('moves HWIO to OIHW', () => {
    const shape = [1, 2, 2, 3]; // one row, two columns, two in, three out
    expect(torchShape('conv', shape)).toEqual([3, 2, 1, 2]);
    // Value = (column·2 + in)·3 + out. Output 0 has input 0 at columns 0, 1, then input 1 at columns 0, 1.
    expect([...toTorch('conv', shape, counting(12)).slice(0, 4)]).toEqual([0, 6, 3, 9]);
  });

  it.each([
    ['conv', [3, 3, 4, 5]],
    ['linear', [4, 5]],
    ['pointwise', [4, 5]],
    ['plain', [7]],
  ] as const)('%s round-trips', (layout, shape) => {
    const data = counting(shape.reduce<number>((a, b) => a * b, 1));
    expect([...fromTorch(layout, shape, toTorch(layout, shape, data))]).toEqual([...data]);
  });
});
