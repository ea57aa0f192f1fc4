import { sizeOf } from '../../lib/shape.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { createByteSink, type ByteSink } from './byteSink.ts';
import { isTensor, NumpyArray, PyFloat, PyTuple, type PickleValue, type PyKey } from './pickleValue.ts';
import { bytesPerValue, contiguousStrides, torchStorageName } from './torchDtypes.ts';

// Opcodes, by their names in Python's pickletools.
const PROTO = [0x80, 2];
const [STOP, MARK, NONE, NEWTRUE, NEWFALSE] = [0x2e, 0x28, 0x4e, 0x88, 0x89];
const [BININT, BININT1, BININT2, LONG1, BINFLOAT] = [0x4a, 0x4b, 0x4d, 0x8a, 0x47];
const [BINUNICODE, GLOBAL, BINPERSID, REDUCE, BUILD] = [0x58, 0x63, 0x51, 0x52, 0x62];
const [EMPTY_LIST, APPENDS, EMPTY_DICT, SETITEMS, EMPTY_TUPLE, TUPLE] = [0x5d, 0x65, 0x7d, 0x75, 0x29, 0x74];

/**
 * Writes a pickle of protocol 2, which every Python 3 reads, in chunks. Tensors are written as PyTorch does, with their
 * values in the storage that `storageKey` names; without it a tensor is an error. Nothing is memoized: repeated values are
 * written repeatedly.
 */
export function* writePickle(
  value: PickleValue,
  storageKey?: (tensor: StoredTensor) => string,
): Generator<Uint8Array<ArrayBuffer>> {
  const sink = createByteSink();
  sink.bytes(...PROTO);
  yield* writeValue(sink, value, storageKey);
  sink.bytes(STOP);
  yield* sink.take();
}

type Chunks = Generator<Uint8Array<ArrayBuffer>>;

function* writeValue(sink: ByteSink, value: PickleValue, storageKey?: (tensor: StoredTensor) => string): Chunks {
  if (value === null) sink.bytes(NONE);
  else if (typeof value === 'boolean') sink.bytes(value ? NEWTRUE : NEWFALSE);
  else if (typeof value === 'number') writeInteger(sink, value);
  else if (typeof value === 'string') writeText(sink, value);
  else if (value instanceof PyFloat) writeFloat(sink, value.value);
  else if (value instanceof NumpyArray) yield* writeArray(sink, value.tensor);
  else if (value instanceof PyTuple) {
    if (value.items.length === 0) {
      sink.bytes(EMPTY_TUPLE);
      return;
    }
    sink.bytes(MARK);
    for (const item of value.items) yield* writeValue(sink, item, storageKey);
    sink.bytes(TUPLE);
  } else if (isTensor(value)) {
    if (!storageKey) throw new Error('a pickle without storages holds no tensors: write a NumpyArray');
    writeTensor(sink, value, storageKey(value));
  } else if (value instanceof Map) {
    sink.bytes(EMPTY_DICT, MARK);
    for (const [key, item] of value as ReadonlyMap<PyKey, PickleValue>) {
      yield* writeValue(sink, key);
      yield* writeValue(sink, item, storageKey);
    }
    sink.bytes(SETITEMS);
  } else {
    sink.bytes(EMPTY_LIST, MARK);
    for (const item of value as readonly PickleValue[]) yield* writeValue(sink, item, storageKey);
    sink.bytes(APPENDS);
  }
}

function writeInteger(sink: ByteSink, value: number): void {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number: write a PyFloat`);
  if (value >= 0 && value < 2 ** 8) sink.bytes(BININT1, value);
  else if (value >= 0 && value < 2 ** 16) sink.bytes(BININT2, value & 255, value >> 8);
  else if (value === (value | 0)) sink.view(BININT, 4, (view, at) => view.setInt32(at, value, true));
  else {
    sink.bytes(LONG1);
    sink.view(8, 8, (view, at) => view.setBigInt64(at, BigInt(value), true));
  }
}

const writeFloat = (sink: ByteSink, value: number): void =>
  sink.view(BINFLOAT, 8, (view, at) => view.setFloat64(at, value));

function writeText(sink: ByteSink, text: string): void {
  const utf8 = new TextEncoder().encode(text);
  sink.view(BINUNICODE, 4, (view, at) => view.setUint32(at, utf8.length, true));
  sink.append(utf8);
}

function writeGlobal(sink: ByteSink, module: string, name: string): void {
  sink.bytes(GLOBAL);
  sink.append(new TextEncoder().encode(`${module}\n${name}\n`));
}

function writeIntegers(sink: ByteSink, values: readonly number[]): void {
  sink.bytes(MARK);
  for (const value of values) writeInteger(sink, value);
  sink.bytes(TUPLE);
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)` */
function writeTensor(sink: ByteSink, { dtype, shape, data }: StoredTensor, key: string): void {
  const count = sizeOf(shape);
  if (data.byteLength !== count * bytesPerValue(dtype))
    throw new Error(`storage ${key} does not fill [${shape.join(', ')}]`);
  writeGlobal(sink, 'torch._utils', '_rebuild_tensor_v2');
  sink.bytes(MARK, MARK);
  writeText(sink, 'storage');
  writeGlobal(sink, 'torch', torchStorageName(dtype));
  writeText(sink, key);
  writeText(sink, 'cpu');
  writeInteger(sink, count);
  sink.bytes(TUPLE, BINPERSID);
  writeInteger(sink, 0);
  writeIntegers(sink, shape);
  writeIntegers(sink, contiguousStrides(shape));
  sink.bytes(NEWFALSE);
  writeGlobal(sink, 'collections', 'OrderedDict');
  sink.bytes(EMPTY_TUPLE, REDUCE, TUPLE, REDUCE);
}

const NUMPY_TYPES: Readonly<Partial<Record<StoredTensor['dtype'], string>>> = {
  F32: 'f4',
  F64: 'f8',
  I64: 'i8',
  I32: 'i4',
};

/** Pickles an array like numpy: `_reconstruct` an empty one, then BUILD it from (version, shape, dtype, order, bytes). */
function* writeArray(sink: ByteSink, { dtype, shape, data }: StoredTensor): Chunks {
  const code = NUMPY_TYPES[dtype];
  if (code === undefined) throw new Error(`no numpy array of ${dtype} is written`);
  writeGlobal(sink, 'numpy.core.multiarray', '_reconstruct');
  sink.bytes(MARK);
  writeGlobal(sink, 'numpy', 'ndarray');
  writeIntegers(sink, [0]);
  yield* writeBytes(sink, Uint8Array.of(0x62));
  sink.bytes(TUPLE, REDUCE, MARK);
  writeInteger(sink, 1);
  writeIntegers(sink, shape);
  writeGlobal(sink, 'numpy', 'dtype');
  sink.bytes(MARK);
  writeText(sink, code);
  sink.bytes(NEWFALSE, NEWTRUE, TUPLE, REDUCE, MARK);
  writeInteger(sink, 3);
  writeText(sink, '<');
  sink.bytes(NONE, NONE, NONE);
  writeInteger(sink, -1);
  writeInteger(sink, -1);
  writeInteger(sink, 0);
  sink.bytes(TUPLE, BUILD, NEWFALSE);
  yield* writeBytes(sink, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  sink.bytes(TUPLE, BUILD);
}

const SLICE_BYTES = 1 << 16;

/** Protocol 2 has no bytes: Python pickles them as `_codecs.encode(text, 'latin1')`, one character per byte. */
function* writeBytes(sink: ByteSink, bytes: Uint8Array): Chunks {
  const high = bytes.reduce((count, byte) => count + (byte >> 7), 0);
  writeGlobal(sink, '_codecs', 'encode');
  sink.bytes(MARK);
  sink.view(BINUNICODE, 4, (view, at) => view.setUint32(at, bytes.length + high, true));
  yield* sink.take();
  for (let begin = 0; begin < bytes.length; begin += SLICE_BYTES) {
    yield latin1AsUtf8(bytes.subarray(begin, begin + SLICE_BYTES));
  }
  writeText(sink, 'latin1');
  sink.bytes(TUPLE, REDUCE);
}

function latin1AsUtf8(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const utf8 = new Uint8Array(2 * bytes.length);
  let end = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) {
      utf8[end++] = 0xc0 | (byte >> 6);
      utf8[end++] = 0x80 | (byte & 0x3f);
    } else utf8[end++] = byte;
  }
  return utf8.subarray(0, end);
}
