import { UserError } from '../../lib/errors.ts';
import { isCount } from '../../lib/isCount.ts';
import { sizeOf } from '../../lib/shape.ts';
import { quoted } from '../torch/zipEntries.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { badPickle } from './pickleCursor.ts';
import { isTensor, PyTuple } from './pickleValue.ts';
import { bytesPerValue, contiguousStrides, TORCH_STORAGES, type TorchDtype } from './torchDtypes.ts';

/** An allowed class or function in a pickle; not a value by itself. */
export class Global {
  constructor(readonly name: string) {}
}

/** Values of one or several tensors, as stored in the file. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly dtype: TorchDtype,
    readonly bytes: Uint8Array,
  ) {}
}

/** Source of storages, and the limit for bytes of tensors made of them. */
export interface Storages {
  /** Throws a UserError if there is no such storage. */
  bytes(key: string): Uint8Array;
  /** Counts bytes of tensors. Throws a UserError beyond the limit. */
  spend(bytes: number): void;
}

/** Allowed names. Storages are named in persistent ids, the others are called. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['collections.OrderedDict', 'argparse.Namespace', 'torch.Size'],
  ...['torch._utils._rebuild_tensor_v2', 'torch._utils._rebuild_parameter'],
  ...TORCH_STORAGES.keys(),
]);

/** Refuses names that aren't on the list. Never imports or runs anything. */
export function allowedGlobal(name: string): Global {
  if (ALLOWED.has(name)) return new Global(name);
  throw new UserError(
    'checkpoint/forbidden',
    `The file asks for Python's ${quoted(name)}, which is not read (nor run): only tensors, numbers, texts, lists, dicts, OrderedDict and Namespace are. ` +
      'Open it in PyTorch and save a plain dict of these with torch.save.',
  );
}

/** `('storage', torch.FloatStorage, key, location, number of values)` */
export function openStorage(id: unknown, storages: Storages): TorchStorage {
  const [tag, type, key, , count] = id instanceof PyTuple ? (id.items as readonly unknown[]) : [];
  const dtype = type instanceof Global ? TORCH_STORAGES.get(type.name) : undefined;
  if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(count)) {
    throw badPickle('a persistent id does not describe a storage');
  }
  const bytes = storages.bytes(key);
  if (bytes.length !== count * bytesPerValue(dtype)) {
    throw badPickle(
      `storage "data/${quoted(key).slice(1, -1)}" should hold ${count} values of ${dtype}, but has ${bytes.length} bytes`,
    );
  }
  return new TorchStorage(key, dtype, bytes);
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, …)`; `where` names it in messages. */
export function rebuildTensor(parts: readonly unknown[], where: string, storages: Storages): StoredTensor {
  const [storage, offset, size, stride] = parts;
  const shape = counts(size);
  const strides = counts(stride);
  if (!(storage instanceof TorchStorage) || !isCount(offset) || !shape || !strides || shape.length !== strides.length) {
    throw badPickle(`tensor ${where} is not described by a storage, an offset, a shape and its strides`);
  }
  const { dtype, bytes } = storage;
  const width = bytesPerValue(dtype);
  const present = bytes.length / width;
  const count = sizeOf(shape);
  const last = count === 0 ? 0 : shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], offset + 1);
  // At most as many values as the storage has: with a stride of 0 one value could fill any shape.
  if (!(count <= present) || !(last <= present)) {
    const needed = Math.max(count, last);
    throw badPickle(`tensor ${where}, ${shape.join('×')}, needs ${needed} values of a storage that has ${present}`);
  }
  storages.spend(count * width);
  const dense = contiguousStrides(shape);
  const isDense = count === 0 || shape.every((length, axis) => length === 1 || strides[axis] === dense[axis]);
  const raw = bytes.subarray(offset * width, (offset + count) * width);
  if (isDense && raw.byteOffset % width === 0) return asTensor(dtype, shape, raw);
  return asTensor(dtype, shape, isDense ? raw.slice() : gather(bytes, width, offset, shape, strides));
}

/** `_rebuild_parameter(data, requires_grad, backward_hooks)` */
export function rebuildParameter([data]: readonly unknown[], where: string): StoredTensor {
  if (isTensor(data)) return data;
  throw badPickle(`parameter ${where} is not made of a tensor`);
}

/** Copies strided values into row-major order. */
function gather(
  bytes: Uint8Array,
  width: number,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const count = sizeOf(shape);
  const dense = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  for (let at = 0, from = offset; at < count; at++) {
    for (let byte = 0; byte < width; byte++) dense[at * width + byte] = bytes[from * width + byte];
    // Increments the last axis that is not at its end.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return dense;
}

function asTensor(
  dtype: TorchDtype,
  shape: readonly number[],
  { buffer, byteOffset, byteLength }: Uint8Array,
): StoredTensor {
  const count = byteLength / bytesPerValue(dtype);
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer, byteOffset, count) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer, byteOffset, count) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer, byteOffset, count) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer, byteOffset, count) };
    default:
      return { dtype, shape, data: new Uint8Array(buffer, byteOffset, byteLength) };
  }
}

/** PyTorch's own limit. */
const MAX_DIMENSIONS = 64;

function counts(tuple: unknown): readonly number[] | undefined {
  if (!(tuple instanceof PyTuple) || tuple.items.length > MAX_DIMENSIONS) return undefined;
  const items = tuple.items as readonly unknown[];
  return items.every(isCount) ? items : undefined;
}
