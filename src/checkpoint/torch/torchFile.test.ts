import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { python } from '../../testing/python.ts';
import { pickleOf, storedZip, torchArchive } from '../../testing/torchArchive.ts';
import { pyDict, PyFloat, PyTuple } from '../pickle/pickleValue.ts';
import { writePickle } from '../pickle/writePickle.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { readTorchFile, writeTorchFile } from './torchFile.ts';
import { problemOf } from '../../testing/problemOf.ts';

const TENSORS: Record<string, StoredTensor> = {
  weights: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 3e-38, Infinity) },
  doubles: { dtype: 'F64', shape: [1], data: Float64Array.of(Math.PI) },
  count: { dtype: 'I64', shape: [], data: BigInt64Array.of(-(2n ** 62n)) },
  ints: { dtype: 'I32', shape: [3], data: Int32Array.of(1, -2, 3) },
  bytes: { dtype: 'U8', shape: [3], data: Uint8Array.of(7, 8, 255) },
  half: { dtype: 'F16', shape: [1], data: Uint8Array.of(0, 0x3c) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
};
const VALUE = pyDict({ ...TENSORS, nested: [pyDict({ lr: new PyFloat(0.1), step: 3 }), new PyTuple(['ü', null])] });
const FILE = joinChunks(writeTorchFile(VALUE));

const problem = (bytes: Uint8Array): string => problemOf(() => readTorchFile(bytes));

it('round-trips', () => {
  expect(readTorchFile(FILE)).toEqual(VALUE);
});

it('reads from any offset of a larger buffer, and from a Node buffer', () => {
  for (const offset of [1, 2, 4, 7]) {
    const shifted = Buffer.alloc(FILE.length + offset);
    shifted.set(FILE, offset);
    expect(readTorchFile(shifted.subarray(offset))).toEqual(VALUE);
  }
});

it('does not copy aligned values, neither reading nor writing', () => {
  const read = readTorchFile(FILE) as ReadonlyMap<string, StoredTensor>;
  expect(defined(read.get('weights')).data.buffer).toBe(FILE.buffer);
  const { data } = TENSORS.weights;
  expect([...writeTorchFile(VALUE)].filter(({ buffer }) => buffer === data.buffer)).toHaveLength(1);
});

it('aligns every entry to 64 bytes, as PyTorch does', () => {
  const view = new DataView(FILE.buffer);
  const begins: number[] = [];
  for (let at = 0; at + 30 < FILE.length; at++) {
    if (view.getUint32(at, true) === 0x04034b50) {
      begins.push(at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true));
    }
  }
  expect(begins).toHaveLength(3 + Object.keys(TENSORS).length);
  expect(begins.filter((begin) => begin % 64 !== 0)).toEqual([]);
});

it('is deterministic', () => {
  expect(joinChunks(writeTorchFile(VALUE))).toEqual(FILE);
});

describe('in Python', () => {
  const torch = python('torch');

  it.runIf(torch)('loads, its checksums right', () => {
    const program = [
      'import zipfile; print(zipfile.ZipFile(io.BytesIO(data)).testzip())',
      'd = torch.load(io.BytesIO(data)); print(list(d), d["nested"])',
      'print(d["weights"].tolist(), d["count"].item(), d["half"], d["empty"].shape)',
    ];
    expect(defined(torch)(program.join('\n'), FILE).split('\n')).toEqual([
      'None',
      "['weights', 'doubles', 'count', 'ints', 'bytes', 'half', 'empty', 'nested'] [{'lr': 0.1, 'step': 3}, ('ü', None)]",
      `[[1.5, -2.0], [${Math.fround(3e-38)}, inf]] ${-(2n ** 62n)} tensor([1.], dtype=torch.float16) torch.Size([0, 4])`,
    ]);
  });

  it.runIf(torch)('loads with weights_only', () => {
    // Without floats, which PyTorch 1.13 refuses with `weights_only`.
    const file = joinChunks(writeTorchFile(pyDict(TENSORS)));
    expect(defined(torch)('print(list(torch.load(io.BytesIO(data), weights_only=True)))', file)).toContain(
      "'half', 'empty'",
    );
  });

  it.runIf(torch)('reads files of PyTorch: strided, shared and half tensors, parameters, state_dicts', () => {
    const program = [
      't = torch.arange(6.).view(2, 3)',
      'a = {"t": t.t(), "row": t[1], "p": torch.nn.Parameter(torch.ones(2)), "s": torch.Size([1, 2])}',
      'b = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2)).half().state_dict()',
      'def save(value): f = io.BytesIO(); torch.save(value, f); return f.getvalue().hex()',
      'print(*map(save, [a, b, torch.nn.Linear(1, 1)]))',
    ];
    const [views, layers, module] = defined(torch)(program.join('\n'), new Uint8Array(0))
      .split(' ')
      .map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
    expect(readTorchFile(views)).toEqual(
      pyDict({
        t: { dtype: 'F32', shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) },
        row: { dtype: 'F32', shape: [3], data: Float32Array.of(3, 4, 5) },
        p: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 1) },
        s: new PyTuple([1, 2]),
      }),
    );
    const types = [...(readTorchFile(layers) as ReadonlyMap<string, StoredTensor>)].map(([name, { dtype }]) => [
      name,
      dtype,
    ]);
    expect(Object.fromEntries(types)).toMatchObject({ '0.weight': 'F16', '1.num_batches_tracked': 'I64' });
    expect(problem(module)).toMatch(/forbidden .*"torch.nn.modules.linear.Linear", which is not read/);
  });
});

/** Changes a little-endian number in the last record that begins with `signature`. */
function changed(signature: number, offset: number, bytes: 2 | 4, value: number): Uint8Array {
  const copy = FILE.slice();
  const view = new DataView(copy.buffer);
  let at = copy.length - 4;
  while (view.getUint32(at, true) !== signature) at--;
  if (bytes === 2) view.setUint16(at + offset, value, true);
  else view.setUint32(at + offset, value, true);
  return copy;
}
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const NONE = pickleOf('N');
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('damage', () => {
  it('is detected for every truncation', () => {
    for (let length = 0; length < FILE.length; length++) {
      const code = length < 4 ? 'checkpoint/not-torch' : 'checkpoint/truncated';
      expect(problem(FILE.slice(0, length)), `${length} bytes`).toContain(code);
    }
  });

  it('is detected for a changed byte of a tensor', () => {
    const copy = FILE.slice();
    const { byteOffset } = defined((readTorchFile(FILE) as ReadonlyMap<string, StoredTensor>).get('weights')).data;
    copy[byteOffset + 5] ^= 1;
    expect(problem(copy)).toBe(
      'checkpoint/archive The file\'s zip archive is damaged: the checksum of entry "archive/data/0" is wrong. Copy or download it again.',
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['text', text('hello, I am a text file'), /not-torch The file is no zip archive/],
    ['another zip', storedZip({ 'readme.txt': text('hi') }), /not-torch .* 0 entries named "data.pkl"/],
    ['two models', storedZip({ 'a/data.pkl': NONE, 'b/data.pkl': NONE }), /not-torch .* 2 entries/],
    [
      'a legacy file',
      Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e),
      /legacy .*torch\.save\(torch\.load/,
    ],
    [
      'big-endian',
      torchArchive(NONE, { 'archive/byteorder': text('big') }),
      /byte-order .*"archive\/byteorder" says "big", but "little" is expected/,
    ],
    [
      'another tool’s',
      zipSync({ 'archive/data.pkl': pickleOf('N'.repeat(1000)) }),
      /compressed .*"archive\/data.pkl" .*method 8/,
    ],
    ['a bomb by its directory', changed(CENTRAL, 20, 4, 2 ** 31), /compressed .*2147483648 bytes for 2/],
    ['an entry beyond the file', changed(CENTRAL, 42, 4, 2 ** 31), /archive .*should begin at byte 2147483648/],
    ['an entry that begins elsewhere', changed(CENTRAL, 42, 4, 1), /archive .*should begin at byte 1 and doesn't/],
    ['overlapping entries', changed(CENTRAL, 42, 4, 0), /archive .*overlaps/],
    ['a name beyond the entry', changed(LOCAL, 26, 2, 65535), /archive .*should end at byte/],
    ['a directory beyond its end', changed(END, 12, 4, 2 ** 31), /archive .*directory should end at byte/],
    ['fewer entries than announced', changed(END, 10, 2, 999), /archive .*entry \d+ of 999 is missing/],
    ['zip64', changed(END, 16, 4, 0xffffffff), /too-large .*zip64/],
    ['a comment cut off', changed(END, 20, 2, 3), /truncated/],
  ])('%s', (_, bytes, message) => {
    expect(problem(bytes)).toMatch(message);
  });

  it('names the storage that is missing', () => {
    const [pickle] = writePickle(VALUE, () => '7');
    expect(problem(torchArchive(pickle))).toContain('no entry "archive/data/7", which holds values of a tensor');
  });

  it('refuses a small file that expands one storage to a large model', () => {
    const shared: StoredTensor = { dtype: 'F32', shape: [1000], data: new Float32Array(1000) };
    const values = new Uint8Array(shared.data.buffer as ArrayBuffer);
    const times = (count: number): Uint8Array => {
      const [pickle] = writePickle(new Array<StoredTensor>(count).fill(shared), () => '0');
      return torchArchive(pickle, { 'archive/data/0': values });
    };
    expect(problem(times(2))).toBe('none');
    expect(problem(times(100))).toMatch(/too-large .*fill more than \d+ bytes, twice the file/);
  });
});
