import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/errors.ts';
import { pickleOf } from '../../testing/torchArchive.ts';
import { PyFloat, pyDict, PyTuple, type PickleValue } from './pickleValue.ts';
import { readPickle } from './readPickle.ts';
import { writePickle } from './writePickle.ts';
import { problemOf } from '../../testing/problemOf.ts';

/** Storage "0" has 24 bytes; there is no other. */
const STORAGES = {
  bytes: (key: string): Uint8Array => {
    if (key === '0') return new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5]).buffer);
    throw new UserError('checkpoint/archive', `no storage ${key}`);
  },
  spend: () => undefined,
};

const read = (bytes: Uint8Array): PickleValue => readPickle(bytes, STORAGES);

const problem = (bytes: Uint8Array): string => problemOf(() => read(bytes));

it('reads what writePickle writes', () => {
  const value = pyDict({
    none: null,
    flags: [true, false],
    ints: [0, 255, 256, 65535, 65536, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)],
    floats: [new PyFloat(0.1), new PyFloat(8), new PyFloat(-0), new PyFloat(NaN), new PyFloat(Infinity)],
    texts: ['', 'ü', '🙂', 'a\nb', '__proto__', 'x'.repeat(70_000)],
    tuples: new PyTuple([1, new PyTuple([]), new PyTuple(['deep'])]),
    dicts: new Map<string | number, PickleValue>([
      [0, 'int key'],
      ['0', 'text key'],
    ]),
    tensor: { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
  });
  const [bytes, ...more] = writePickle(value, () => '0');
  expect(more).toEqual([]);
  expect(read(bytes)).toEqual(value);
});

/** GLOBAL of a class or function, by module and name. */
const named = (module: string, name: string): string => `c${module}\n${name}\n`;
const REBUILD = named('torch._utils', '_rebuild_tensor_v2');
/** ('storage', <type>, key, 'cpu', values) as a persistent id. */
const storage = (values = 6, type = 'FloatStorage', key = '0'): (string | number)[] => [
  ...['(', 0x8c, 7, 'storage', named('torch', type), 0x8c, key.length, key, 0x8c, 3, 'cpu', 'K', values, 't', 'Q'],
];
const tuple = (...values: number[]): (string | number)[] => ['(', ...values.flatMap((value) => ['K', value]), 't'];
/** A tensor of storage 0, strides and all. */
const tensor = (shape: number[], strides: number[], offset = 0): (string | number)[] => [
  ...[REBUILD, '(', ...storage(), 'K', offset, ...tuple(...shape), ...tuple(...strides), 0x89, '}', 't', 'R'],
];
const valuesOf = (value: PickleValue): unknown => [...(value as unknown as { data: Float32Array }).data];

describe('tensors', () => {
  it.each<[string, (string | number)[], number[]]>([
    ['contiguous', tensor([2, 3], [3, 1]), [0, 1, 2, 3, 4, 5]],
    ['transposed', tensor([3, 2], [1, 3]), [0, 3, 1, 4, 2, 5]],
    ['a slice', tensor([2, 2], [3, 1], 1), [1, 2, 4, 5]],
    ['overlapping windows', tensor([3, 2], [1, 1]), [0, 1, 1, 2, 2, 3]],
    ['one value', tensor([], [], 5), [5]],
    ['an axis of one, whatever its stride', tensor([1, 3], [100, 1], 3), [3, 4, 5]],
    ['none', tensor([0, 4], [4, 1]), []],
  ])('%s', (_, parts, expected) => {
    expect(valuesOf(read(pickleOf(...parts)))).toEqual(expected);
  });

  it('unwraps a parameter', () => {
    const wrapped = [named('torch._utils', '_rebuild_parameter'), '(', ...tensor([2, 3], [3, 1]), 0x88, '}', 't', 'R'];
    expect(valuesOf(read(pickleOf(...wrapped)))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each<[string, (string | number)[], RegExp]>([
    ['beyond its storage', tensor([2, 4], [4, 1]), /2×4, needs 8 values of a storage that has 6/],
    ['ends beyond its storage', tensor([2, 2], [4, 2]), /needs 7 values/],
    ['begins beyond its storage', tensor([1], [1], 6), /needs 7 values/],
    ['repeats a value without end', tensor([200, 200], [0, 0]), /needs 40000 values/],
    ['shape and strides of other lengths', tensor([2, 3], [1]), /not described/],
    ['a storage of another size', storage(5), /"data\/0" should hold 5 values of F32, but has 24 bytes/],
    ['a storage that is missing', storage(6, 'FloatStorage', '9'), /no storage 9/],
    ['a type without a name here', storage(6, 'ComplexFloatStorage'), /"torch.ComplexFloatStorage", which is not read/],
    ['a storage by itself', storage(), /a storage stands where a value belongs/],
  ])('refused: %s', (_, parts, message) => {
    expect(problem(pickleOf(...parts))).toMatch(message);
  });
});

describe('classes', () => {
  it('reads a Namespace and an OrderedDict as dicts, and ignores the metadata', () => {
    const entry = ['}', 0x8c, 1, 'a', 'K', 1, 's'];
    const namespace = pickleOf(named('argparse', 'Namespace'), ')', 0x81, ...entry, 'b');
    const ordered = pickleOf(named('collections', 'OrderedDict'), ')R', 0x8c, 1, 'x', 'K', 2, 's', ...entry, 'b');
    expect(read(namespace)).toEqual(pyDict({ a: 1 }));
    expect(read(ordered)).toEqual(pyDict({ x: 2 }));
  });

  it.each<[string, (string | number)[], string]>([
    ['os.system', [named('os', 'system'), 0x8c, 2, 'ls', 0x85, 'R'], '"os.system"'],
    ['builtins.eval', [named('builtins', 'eval'), 0x8c, 1, '1', 0x85, 'R'], '"builtins.eval"'],
    ['a name from the stack', [0x8c, 5, 'posix', 0x8c, 6, 'system', 0x93], '"posix.system"'],
    ['a class of torch', [named('torch.nn.modules.linear', 'Linear'), ')', 0x81], '"torch.nn.modules.linear.Linear"'],
    ['a scalar of numpy', [named('numpy.core.multiarray', 'scalar')], '"numpy.core.multiarray.scalar"'],
    ['a property of Object.prototype', [named('constructor', 'constructor')], '"constructor.constructor"'],
    ['a name with control characters', [named('a\u001b[31m\r', 'b')], String.raw`"a\u001b[31m\r.b"`],
  ])('refused by name: %s', (_, parts, name) => {
    expect(problem(pickleOf(...parts))).toMatch(/^checkpoint\/forbidden /);
    expect(problem(pickleOf(...parts))).toContain(name);
  });

  it.each<[string, (string | number)[], RegExp]>([
    ['a class left as a value', [named('argparse', 'Namespace')], /argparse.Namespace stands where a value belongs/],
    ['one hidden in a tuple', [']', named('argparse', 'Namespace'), 0x85, 'a'], /stands where a value belongs/],
    ['a call of what is a value', ['K', 1, ')R'], /calls what is no function/],
    ['a call of a storage type', [named('torch', 'FloatStorage'), ')R'], /calls torch.FloatStorage/],
    ['a state for a list', [']}b'], /gives a state to what has none/],
  ])('refused: %s', (_, parts, message) => {
    expect(problem(pickleOf(...parts))).toMatch(message);
  });
});

describe('damage', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /ends at byte 0/],
    ['text', new TextEncoder().encode('hello'), /does not begin with its protocol/],
    ['an old protocol', Uint8Array.of(0x80, 1, 0x4e, 0x2e), /of protocol 1/],
    ['a later protocol', Uint8Array.of(0x80, 6, 0x4e, 0x2e), /of protocol 6/],
    ['no end', Uint8Array.of(0x80, 2, 0x4e), /ends at byte 3/],
    ['an empty stack', pickleOf(), /0 values in place of one/],
    ['two values', pickleOf('NN'), /2 values in place of one/],
    ['a pop below a mark', pickleOf('N(0'), /from an empty stack/],
    ['no mark', pickleOf('Nt'), /above a mark that is not there/],
    ['an unknown value', pickleOf('h', 3), /recalls value 3/],
    ['an opcode of older protocols', pickleOf('I1\n'), /opcode 73 at byte 2/],
    ['text that is not UTF-8', pickleOf(0x8c, 1).fill(0xff, 4), /ends at byte|not UTF-8/],
    ['text beyond the end', pickleOf('X', 255, 255, 255, 255), /ends at byte 8/],
    ['text of 2^63 bytes', pickleOf(0x8d, 0, 0, 0, 0, 0, 0, 0, 128), /ends at byte 12/],
    ['an int too large to be exact', pickleOf(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 64), /too large to be exact/],
    ['an int of many bytes', pickleOf(0x8a, 200), /has 200 bytes/],
    ['a line without an end', Uint8Array.of(0x80, 2, 0x63, 0x61), /has no end/],
    ['a dict key that is a list', pickleOf('}]Ns'), /a key of a dict/],
    ['an entry of a list', pickleOf(']NNs'), /what is no dict/],
    ['an element of a dict', pickleOf('}Na'), /what is no list/],
  ])('%s', (_, bytes, message) => {
    expect(problem(bytes)).toMatch(/^checkpoint\/pickle /);
    expect(problem(bytes)).toMatch(message);
  });

  it('counts objects that take more memory than their bytes in the file', () => {
    const bomb = (opcode: string): Uint8Array => pickleOf(opcode.repeat(600_000));
    expect(problem(bomb('}'))).toContain('more than 500000 objects');
    expect(problem(bomb(')'))).toContain('more than 500000 objects');
    const memoized = new Uint8Array(600_000).fill(0x94);
    memoized.set([0x80, 2, 0x4e]);
    expect(problem(memoized)).toContain('more than 500000 objects');
    // A dict of 1,000 entries, copied to 1,000 Namespaces.
    const entries = Array.from({ length: 1000 }, (_, at) => ['M', at & 255, at >> 8, 'N']).flat();
    const copies = Array.from({ length: 1000 }, () => ['h', 1, ')', 0x81, 'h', 0, 'b0']).flat();
    const state = ['}(', ...entries, 'uq', 0, '0', named('argparse', 'Namespace'), 'q', 1, '0'];
    expect(problem(pickleOf(...state, ...copies, 'N'))).toContain('more than 500000 objects');
  });

  it('refuses a pickle beyond the max length', () => {
    expect(problem(new Uint8Array(8_000_001))).toContain('8000001 bytes');
  });

  it('reads deep nesting without recursion', () => {
    expect(problem(pickleOf(']'.repeat(100_000), 'a'.repeat(99_999)))).toBe('none');
    // Doubled sixty times: traversing it would never end.
    const doubled = Array.from({ length: 60 }, () => ['q', 0, 'h', 0, 0x86]).flat();
    expect(problem(pickleOf('N', ...doubled))).toBe('none');
  });
});
