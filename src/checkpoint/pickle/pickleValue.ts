import type { StoredTensor } from '../safetensors/storedTensor.ts';

/**
 * Python values in a pickle, as far as needed for checkpoints. None, bool, str and list are JavaScript's own; an int is a
 * number, a dict (also an OrderedDict or a Namespace) is a Map in its order, and a tensor is a StoredTensor.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PyFloat
  | PyTuple
  | StoredTensor
  | NumpyArray
  | readonly PickleValue[]
  | PyDict;

export type PyDict = ReadonlyMap<PyKey, PickleValue>;
export type PyKey = string | number;

/** A Python float, as JavaScript doesn't distinguish 8.0 from 8. */
export class PyFloat {
  constructor(readonly value: number) {}
}

export class PyTuple<Item = PickleValue> {
  constructor(readonly items: readonly Item[]) {}
}

/** Written only, in files for detectron2. */
export class NumpyArray {
  constructor(readonly tensor: StoredTensor) {}
}

export function isTensor(value: unknown): value is StoredTensor {
  return typeof value === 'object' && value !== null && 'shape' in value;
}

export function isDict(value: unknown): value is PyDict {
  return value instanceof Map;
}

/** A dict with string keys, in the order of `entries`. */
export function pyDict(entries: Readonly<Record<string, PickleValue>>): PyDict {
  return new Map(Object.entries(entries));
}
