import type { StoredTensor } from '../safetensors.ts';

/**
 * What a pickle may hold, as far as checkpoints need it. Python's None, bool, str and list are JavaScript's own; an int
 * is a number, a dict (an OrderedDict and a Namespace too) is a Map in its order, and a tensor is a StoredTensor.
 */
export type PickleValue =
  null | boolean | number | string | PyFloat | PyTuple | StoredTensor | NumpyArray | readonly PickleValue[] | PyDict;

export type PyDict = ReadonlyMap<PyKey, PickleValue>;
export type PyKey = string | number;

/** Apart from int: 8 and 8.0 are the same number here, and not in Python. */
export class PyFloat {
  constructor(readonly value: number) {}
}

export class PyTuple<Item = PickleValue> {
  constructor(readonly items: readonly Item[]) {}
}

/** Written only: files for detectron2 hold these in place of tensors. */
export class NumpyArray {
  constructor(readonly tensor: StoredTensor) {}
}

export function isTensor(value: unknown): value is StoredTensor {
  return typeof value === 'object' && value !== null && 'shape' in value;
}

/** A dict with string keys, in the order of `entries`. */
export function pyDict(entries: Readonly<Record<string, PickleValue>>): PyDict {
  return new Map(Object.entries(entries));
}
