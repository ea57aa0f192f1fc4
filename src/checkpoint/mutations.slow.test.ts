import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { UserError } from '../lib/errors.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { randomCheckpoint } from '../testing/checkpoints.ts';
import { torchArchive } from '../testing/torchArchive.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { pyDict, PyFloat, PyTuple, type PickleValue, type PyDict, type PyKey } from './pickle/pickleValue.ts';
import { writePickle } from './pickle/writePickle.ts';
import { fromPublished, toPublished } from './published/published.ts';
import { checkTensors } from './stateDict.ts';
import { tensorBytes } from './tensorBytes.ts';
import { readTorchFile, writeTorchFile } from './torch/torchFile.ts';

/** Fixed for the same files on every machine; change it for a longer search. */
const SEED = 1;
/** Max CPU time per file, independent of the load; a file takes a few milliseconds. */
const MAX_MILLISECONDS = 2000;

const TINIEST = { width: 1 / 64, hiddenDim: 3, outDim: 2, prototypes: 2 };
const CHECKPOINT: Checkpoint = {
  ...randomCheckpoint(makeConfig(presetConfig('tiny'), { ...TINIEST, stages: 1, outputStride: 4 })),
  classes: [{ name: 'sky', prototypes: [0, 1] }],
};
const PUBLISHED = toPublished(CHECKPOINT);
/** A whole ResNet without the entry `slotcon_tab`, as the published code saves it. */
const FOREIGN = new Map([
  ...toPublished(randomCheckpoint(makeConfig(DEFAULT_CONFIG, { ...TINIEST, arch: 'resnet18', batchSize: 4 }))),
  ['args', pyDict({ arch: 'resnet18', num_instances: 13, batch_size: 4 })] as const,
]);

/** One change of a file; positions and lengths are fractions of its length. */
type Edit = (bytes: Uint8Array) => Uint8Array;

// Without bias, which would place most edits at the beginning.
const fraction = fc.noBias(fc.integer({ min: 0, max: 2 ** 30 - 1 }).map((value) => value / 2 ** 30));
const at = (bytes: Uint8Array, position: number): number => Math.floor(position * bytes.length);
const spliced = (bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array =>
  joinChunks([bytes.subarray(0, from), between, bytes.subarray(to)]);

const flip: fc.Arbitrary<Edit> = fc
  .tuple(fraction, fc.integer({ min: 1, max: 255 }))
  .map(([position, bits]) => (bytes) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[at(bytes, position)] ^= bits;
    return copy;
  });
/** Bytes with a meaning: sizes, opcodes, punctuation of JSON. */
const MEANINGFUL = [
  0,
  1,
  0x7f,
  0x80,
  0xff,
  ...new TextEncoder().encode('(.0123456789NR]}\\{[":,abceghjqrstuGJKMQX'),
  0x81,
  0x85,
  0x86,
  0x87,
  0x8a,
  0x8c,
  0x8d,
  0x93,
  0x94,
  0x95,
];
const overwrite: fc.Arbitrary<Edit> = fc
  .tuple(fraction, fc.array(fc.constantFrom(...MEANINGFUL), { minLength: 1, maxLength: 3 }))
  .map(([position, values]) => (bytes) => {
    const begin = at(bytes, position);
    return spliced(bytes, begin, Math.min(bytes.length, begin + values.length), Uint8Array.from(values));
  });
const cut: fc.Arbitrary<Edit> = fraction.map((position) => (bytes) => bytes.slice(0, at(bytes, position)));
const remove: fc.Arbitrary<Edit> = fc.tuple(fraction, fc.integer({ min: 1, max: 64 })).map(
  ([position, length]) =>
    (bytes) =>
      spliced(bytes, at(bytes, position), at(bytes, position) + length, new Uint8Array(0)),
);
const copy: fc.Arbitrary<Edit> = fc.tuple(fraction, fraction, fc.integer({ min: 1, max: 300 })).map(
  ([from, to, length]) =>
    (bytes) =>
      spliced(bytes, at(bytes, to), at(bytes, to), bytes.slice(at(bytes, from), at(bytes, from) + length)),
);

const mutated = (file: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: flip }, { weight: 5, arbitrary: overwrite }, cut, remove, copy), {
      minLength: 1,
      maxLength: 6,
    })
    .map((edits) => edits.reduce((bytes, edit) => edit(bytes), file));

/** Wrong values for entries of a published file. */
const ODD_VALUES: readonly PickleValue[] = [
  ...[null, true, 0, -1, 7, 2 ** 53 - 1, '', 'resnet34', 'sgd', '__proto__', [], [null], pyDict({}), new PyTuple([])],
  ...[NaN, Infinity, -0.5, 1e308].map((value) => new PyFloat(value)),
  { dtype: 'F32', shape: [], data: Float32Array.of(NaN) },
  { dtype: 'F32', shape: [0], data: new Float32Array(0) },
  { dtype: 'F16', shape: [1], data: new Uint8Array(2) },
  { dtype: 'I8', shape: [1], data: new Uint8Array(1) },
  { dtype: 'I64', shape: [1], data: BigInt64Array.of(-1n) },
];

/** Replaces or removes one entry of a value; `path` holds its position at each depth, as a fraction of the entries. */
function replaced(value: PickleValue, path: readonly number[], by: PickleValue | undefined): PickleValue | undefined {
  const position = path.at(0);
  const deeper = path.slice(1);
  if (position === undefined) return by;
  if (Array.isArray(value)) {
    const items = value as readonly PickleValue[];
    return items.map((item, index) =>
      index === Math.floor(position * items.length) ? (replaced(item, deeper, by) ?? null) : item,
    );
  }
  if (!(value instanceof Map)) return by;
  const entries = [...(value as PyDict)];
  const index = Math.floor(position * entries.length);
  return new Map(
    entries.flatMap(([key, item], at): [PyKey, PickleValue][] => {
      const kept = at === index ? replaced(item, deeper, by) : item;
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

const COUNTED = ['Uint8Array', 'Int32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'ArrayBuffer'] as const;
/** Bytes allocated by typed arrays since the last reset. */
let allocated = 0;
const sliceOf = Uint8Array.prototype.slice;
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as { slice: typeof sliceOf };

beforeAll(() => {
  for (const name of COUNTED) {
    const original = globalThis[name];
    const counting = new Proxy(original, {
      construct: (target, args: unknown[], newTarget) => {
        const made = Reflect.construct(target, args, newTarget) as ArrayBuffer;
        // A view of an existing buffer allocates nothing.
        if (!(args[0] instanceof ArrayBuffer)) allocated += made.byteLength;
        return made;
      },
    });
    vi.stubGlobal(name, counting);
  }
  TypedArray.slice = function (this: Uint8Array, ...args: [start?: number, end?: number]) {
    const made = sliceOf.apply(this, args);
    allocated += made.byteLength;
    return made;
  };
});
afterAll(() => {
  vi.unstubAllGlobals();
  TypedArray.slice = sliceOf;
});

/** Reads the files and returns the outcomes: codes of UserErrors, or `read`. Any other error fails. */
function drive(files: fc.Arbitrary<Uint8Array>, count: number, read: (bytes: Uint8Array) => unknown): string[] {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(files, (bytes) => {
      let outcome = 'read';
      const start = process.cpuUsage();
      allocated = 0;
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        outcome = error.code;
        if (error.message.includes('\n')) throw new Error(`not one line: ${error.message}`, { cause: error });
      }
      // Copies of unaligned or strided values, and a momentum per parameter: at most twice the file each.
      if (allocated > 4 * bytes.length) throw new Error(`${allocated} bytes were taken for a file of ${bytes.length}`);
      const { user, system } = process.cpuUsage(start);
      if (user + system > MAX_MILLISECONDS * 1000) throw new Error('reading took too long');
      outcomes.add(outcome);
    }),
    { seed: SEED, numRuns: count },
  );
  return [...outcomes];
}

const readPublished = (bytes: Uint8Array): unknown => fromPublished(readTorchFile(bytes));

it('counts allocations: none for aligned values, a copy of unaligned ones', () => {
  const file = joinChunks(writeTorchFile(PUBLISHED));
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  const values = [...CHECKPOINT.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const taken = [file, shifted.subarray(1)].map((bytes) => {
    allocated = 0;
    readPublished(bytes);
    return allocated;
  });
  expect(taken).toEqual([0, values]);
});

vi.setConfig({ testTimeout: 600_000 });

describe('10,000 damaged files are read, or refused by a UserError in one line', () => {
  it('3,000 .safetensors', () => {
    const outcomes = drive(mutated(writeCheckpoint(CHECKPOINT)), 3000, (bytes) => {
      const { config, tensors } = readCheckpoint(bytes);
      checkTensors(config, tensors);
    });
    expect(outcomes).toEqual(
      expect.arrayContaining(['read', 'checkpoint/header', 'checkpoint/tensor', 'checkpoint/missing-tensor']),
    );
  });

  it('1,500 .pth, damaged anywhere', () => {
    const outcomes = drive(mutated(joinChunks(writeTorchFile(PUBLISHED))), 1500, readPublished);
    expect(outcomes).toEqual(expect.arrayContaining(['read', 'checkpoint/archive', 'checkpoint/truncated']));
  });

  it('500 .pth with a valid archive and pickle and wrong entries', () => {
    const path = fc.array(fraction, { minLength: 1, maxLength: 5 });
    const files = fc
      .tuple(path, fc.constantFrom(undefined, ...ODD_VALUES))
      .map(([steps, value]) => joinChunks(writeTorchFile(replaced(FOREIGN, steps, value) ?? null)));
    const outcomes = drive(files, 500, readPublished);
    expect(outcomes).toEqual(
      expect.arrayContaining(['read', 'checkpoint/published', 'checkpoint/args', 'checkpoint/dtype']),
    );
  });

  it.each<[number, string, PyDict]>([
    [4500, 'ours', PUBLISHED],
    [500, 'as the published code saves them', FOREIGN],
  ])('%i .pth with a valid archive and a damaged pickle: %s', (count, _, value) => {
    const entries: Record<string, Uint8Array> = {};
    const pickle = joinChunks(
      writePickle(value, (tensor) => {
        const key = String(Object.keys(entries).length);
        entries[`archive/data/${key}`] = tensorBytes(tensor);
        return key;
      }),
    );
    const files = mutated(pickle).map((bytes) => torchArchive(bytes, entries));
    const outcomes = drive(files, count, readPublished);
    expect(outcomes).toEqual(
      expect.arrayContaining(['checkpoint/pickle', 'checkpoint/forbidden', 'checkpoint/missing-tensor']),
    );
  });
});
