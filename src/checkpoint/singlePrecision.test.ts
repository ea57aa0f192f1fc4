import { describe, expect, it } from 'vitest';
import { python } from '../testing/python.ts';
import { defined } from '../lib/defined.ts';
import { inSinglePrecision } from './singlePrecision.ts';
import type { Dtype, StoredTensor } from './safetensors/storedTensor.ts';

const bytes = ({ buffer }: Uint16Array | Uint32Array | BigUint64Array): Uint8Array => new Uint8Array(buffer);
const raw = (dtype: Dtype, shape: number[], data: Uint8Array): StoredTensor => ({ dtype, shape, data }) as StoredTensor;
const converted = (tensor: StoredTensor, name = 'conv1.weight'): StoredTensor =>
  defined(inSinglePrecision(new Map([[name, tensor]])).get(name));

describe('weights', () => {
  it('of half precision, every kind of number', () => {
    const halves = Uint16Array.of(0, 0x8000, 1, 0x83ff, 0x0400, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    expect([...converted(raw('F16', [12], bytes(halves))).data]).toEqual([
      ...[0, -0, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 1, -2, 0.333251953125, 65504, Infinity, -Infinity, NaN],
    ]);
  });

  it('of bfloat16, also at an odd byte', () => {
    const shifted = new Uint8Array(9);
    shifted.set(bytes(Uint16Array.of(0x3f80, 0xc049, 0x0001, 0x7f80)), 1);
    const { dtype, data } = converted(raw('BF16', [2, 2], shifted.subarray(1)));
    expect([dtype, ...data]).toEqual(['F32', 1, -3.140625, 2 ** -133, Infinity]);
  });

  it('of double precision are rounded; one beyond singles is refused by name', () => {
    expect(converted({ dtype: 'F64', shape: [2], data: Float64Array.of(Math.PI, NaN) })).toEqual({
      dtype: 'F32',
      shape: [2],
      data: Float32Array.of(Math.PI, NaN),
    });
    expect(() => converted({ dtype: 'F64', shape: [2], data: Float64Array.of(0, 1e300) })).toThrow(
      /"conv1.weight" holds 1e\+300 at position 1 of 2, and single precision ends at ±3.4e38/,
    );
  });

  it('of single precision are not copied, and whole numbers stay, for the checks to name', () => {
    const single: StoredTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    const quantized = raw('I8', [1], Uint8Array.of(1));
    expect(converted(single)).toBe(single);
    expect(converted(quantized)).toBe(quantized);
  });

  const numpy = python('numpy');
  it.runIf(numpy)('equals NumPy for all 65,536 halves', () => {
    const halves = bytes(Uint16Array.from({ length: 2 ** 16 }, (_, index) => index));
    const program = 'print(numpy.frombuffer(data, "<f2").astype("<f4").tobytes().hex())';
    const theirs = Buffer.from(defined(numpy)(program, halves), 'hex');
    const expected = new Float32Array(new Uint8Array(theirs).buffer);
    // Of a NaN only that it is one.
    expect(converted(raw('F16', [2 ** 16], halves)).data).toEqual(expected);
  });
});

describe('counts', () => {
  const name = 'bn1.num_batches_tracked';
  it.each<StoredTensor>([
    { dtype: 'I64', shape: [1], data: BigInt64Array.of(512n) },
    { dtype: 'I32', shape: [], data: Int32Array.of(512) },
    { dtype: 'F32', shape: [], data: Float32Array.of(512) },
    { dtype: 'F64', shape: [], data: Float64Array.of(512) },
    raw('F16', [], bytes(Uint16Array.of(0x6000))),
    raw('BF16', [], bytes(Uint16Array.of(0x4400))),
    raw('U16', [], bytes(Uint16Array.of(512))),
    raw('U32', [], bytes(Uint32Array.of(512))),
    raw('U64', [], bytes(BigUint64Array.of(512n))),
  ])('as $dtype $shape', (stored) => {
    expect(converted(stored, name)).toEqual({ dtype: 'I64', shape: [], data: BigInt64Array.of(512n) });
  });

  it.each<StoredTensor>([
    { dtype: 'F32', shape: [], data: Float32Array.of(0.5) },
    { dtype: 'F32', shape: [], data: Float32Array.of(Infinity) },
    { dtype: 'I32', shape: [], data: Int32Array.of(-1) },
    { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, 2n) },
  ])('that are none stay: $data', (stored) => {
    expect(converted(stored, name)).toBe(stored);
  });
});
