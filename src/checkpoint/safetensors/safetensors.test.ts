import { defined } from '../../lib/defined.ts';
import { sizeOf } from '../../lib/shape.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './readSafetensors.ts';
import type { StoredTensor } from './storedTensor.ts';
import { writeSafetensors } from './writeSafetensors.ts';
import { problemOf } from '../../testing/problemOf.ts';

const TENSORS: [string, StoredTensor][] = [
  ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(7, 8, 255) }],
  ['weights', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 3e-38, Infinity) }],
  ['count', { dtype: 'I64', shape: [], data: BigInt64Array.of(-(2n ** 62n)) }],
  ['empty', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
  ['half', { dtype: 'F16', shape: [1], data: Uint8Array.of(0, 0x3c) }],
];

/** A file with any header; `values` bytes of zeros follow. */
function fileOf(header: string, values: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + values);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const problem = (bytes: Uint8Array): string => problemOf(() => readSafetensors(bytes));

describe('round trip', () => {
  const file = writeSafetensors(TENSORS, { step: '12', 'a "b"': 'ü' });
  const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));

  it('keeps values, shapes, dtypes and metadata', () => {
    const read = readSafetensors(file);
    expect(read.metadata).toEqual({ step: '12', 'a "b"': 'ü' });
    expect(Object.fromEntries(read.tensors)).toEqual(Object.fromEntries(TENSORS));
  });

  it('pads the header with spaces to 8 bytes and aligns every tensor to its values', () => {
    expect(headerBytes % 8).toBe(0);
    const header = new TextDecoder().decode(file.subarray(8, 8 + headerBytes));
    expect(header).toMatch(/^\{.*\} *$/);
    const entries = JSON.parse(header) as Record<string, { data_offsets: [number, number] }>;
    expect(entries.count.data_offsets).toEqual([0, 8]);
    expect(entries.weights.data_offsets).toEqual([8, 24]);
    expect(entries.half.data_offsets).toEqual([24, 26]);
    expect(entries.bytes.data_offsets).toEqual([26, 29]);
  });

  it('accepts a header of 640 bytes, whose length begins like a pickle', () => {
    const padded = fileOf('{}'.padEnd(640), 0);
    expect(padded.subarray(0, 2)).toEqual(Uint8Array.of(0x80, 2));
    expect(readSafetensors(padded).tensors.size).toBe(0);
  });

  it('reads from any offset of a larger buffer, such as Node’s pool for small files', () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(Object.fromEntries(readSafetensors(shifted.subarray(3)).tensors)).toEqual(Object.fromEntries(TENSORS));
  });

  it('does not copy aligned values', () => {
    expect(defined(readSafetensors(file).tensors.get('weights')).data.buffer).toBe(file.buffer);
  });

  it('keeps names that are special in JavaScript', () => {
    const odd: [string, StoredTensor][] = [['__proto__', { dtype: 'U8', shape: [1], data: Uint8Array.of(9) }]];
    expect(defined(readSafetensors(writeSafetensors(odd)).tensors.get('__proto__')).data).toEqual(Uint8Array.of(9));
  });

  it('refuses to write two tensors of one name or values that do not fill the shape', () => {
    expect(() => writeSafetensors([TENSORS[0], TENSORS[0]])).toThrow('given twice');
    const short: StoredTensor = { dtype: 'F32', shape: [3], data: new Float32Array(2) };
    expect(() => writeSafetensors([['short', short]])).toThrow('"short": 8 bytes do not fill F32 [3]');
  });
});

describe('files written by the reference library', () => {
  const golden = (name: string): Uint8Array => readFileSync(new URL(`../../testing/goldens/${name}`, import.meta.url));

  it('reads a whole training state', () => {
    const { tensors } = readSafetensors(golden('ckpt_epoch_1.safetensors'));
    const names = [...tensors.keys()];
    expect(names.filter((name) => name.includes('encoder_k.')).length).toBeGreaterThan(50);
    const weight = defined(tensors.get(defined(names.find((name) => name.endsWith('encoder_q.conv1.weight')))));
    expect(weight.dtype).toBe('F32');
    expect(weight.shape.slice(1)).toEqual([3, 7, 7]);
    expect(weight.data.length).toBe(sizeOf(weight.shape));
  });

  it('rewrites it to a file with the same contents', () => {
    const first = readSafetensors(golden('viz.safetensors'));
    const second = readSafetensors(writeSafetensors(first.tensors, first.metadata));
    expect(Object.fromEntries(second.tensors)).toEqual(Object.fromEntries(first.tensors));
  });
});

describe('damage', () => {
  const good = writeSafetensors(TENSORS, { step: '12' });
  const one = (fields: string): string => `{"w":{${fields}}}`;
  const tensor = (begin: number, end: number): string => `{"dtype":"U8","shape":[2],"data_offsets":[${begin},${end}]}`;

  it('is detected for every truncation', () => {
    for (let length = 0; length < good.length; length++) {
      expect(problem(good.slice(0, length)), `${length} bytes`).toContain('checkpoint/truncated');
    }
    expect(problem(good.slice(0, -1))).toContain('tensor "bytes" ends at byte 29 of the values, and 28 are there');
  });

  it.each<[string, Uint8Array, string, string]>([
    ['a longer file', Uint8Array.of(...good, 0, 0), 'trailing-bytes', '2 bytes follow the last tensor, "bytes"'],
    ['no JSON', fileOf('{"w":', 0), 'header', 'not valid JSON'],
    ['broken UTF-8', fileOf('{"w":1}', 0).map((byte) => (byte === 0x77 ? 0xff : byte)), 'header', 'not valid JSON'],
    ['a list for a header', fileOf('[1]', 0), 'not-safetensors', 'does not start with "{"'],
    ['metadata that is no string', fileOf('{"__metadata__":{"step":12}}', 0), 'header', '"step" that is number'],
    ['metadata that is no object', fileOf('{"__metadata__":"12"}', 0), 'header', 'not an object of strings'],
    ['a duplicate tensor', fileOf(`{"w":${tensor(0, 2)},"w":${tensor(0, 2)}}`, 2), 'header', 'names "w" twice'],
    ['a duplicate in disguise', fileOf(`{"w":${tensor(0, 2)},"\\u0077":${tensor(0, 2)}}`, 2), 'header', '"w" twice'],
    [
      'a duplicate field',
      fileOf(one('"dtype":"U8","shape":[],"shape":[1],"data_offsets":[0,1]'), 1),
      'header',
      '"shape" twice',
    ],
    [
      'an overlap',
      fileOf(`{"a":${tensor(0, 2)},"b":${tensor(1, 3)}}`, 3),
      'tensor',
      '"b" begins at byte 1 and overlaps "a", which ends at 2',
    ],
    [
      'a hole',
      fileOf(`{"a":${tensor(0, 2)},"b":${tensor(3, 5)}}`, 5),
      'tensor',
      '"b" begins at byte 3 and leaves a hole after "a"',
    ],
    ['a first hole', fileOf(`{"a":${tensor(1, 3)}}`, 3), 'tensor', 'after "the header", which ends at 0'],
    [
      'a wrong size',
      fileOf(one('"dtype":"F32","shape":[2,3],"data_offsets":[0,20]'), 20),
      'tensor',
      '"w" needs 24 bytes for F32 [2, 3] but has 20',
    ],
    [
      'an overflowing shape',
      fileOf(one('"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]'), 0),
      'tensor',
      'but has 0',
    ],
    [
      'an unknown dtype',
      fileOf(one('"dtype":"Q4","shape":[1],"data_offsets":[0,1]'), 1),
      'tensor',
      '"w" has the unknown dtype "Q4"',
    ],
    [
      'an inherited dtype',
      fileOf(one('"dtype":"toString","shape":[1],"data_offsets":[0,1]'), 1),
      'tensor',
      'unknown dtype',
    ],
    ['no shape', fileOf(one('"dtype":"U8","data_offsets":[0,1]'), 1), 'tensor', '"w" has the shape none'],
    ['a negative size', fileOf(one('"dtype":"U8","shape":[-1],"data_offsets":[0,1]'), 1), 'tensor', 'the shape [-1]'],
    [
      'offsets backwards',
      fileOf(one('"dtype":"U8","shape":[1],"data_offsets":[1,0]'), 1),
      'tensor',
      'the data_offsets [1,0]',
    ],
    ['an entry that is no object', fileOf('{"w":3}', 0), 'tensor', '"w" is not described by an object'],
    ['text', new TextEncoder().encode('hello, I am a text file'), 'not-safetensors', 'does not start with "{"'],
    ['a huge header', Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0x7b), 'not-safetensors', '4294967296 bytes'],
  ])('%s', (_, bytes, code, words) => {
    expect(problem(bytes)).toContain(`checkpoint/${code} `);
    expect(problem(bytes)).toContain(words);
  });
});
