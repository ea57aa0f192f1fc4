import { UserError } from '../../lib/errors.ts';
import { PyFloat, type PickleValue, type PyDict, type PyKey } from '../pickle/pickleValue.ts';

/** Converts an int or a float of Python to a number. */
export function numberOf(value: PickleValue | undefined): number | undefined {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' ? value : undefined;
}

/** Returns the dict under a key. `path` names it in messages, such as `optimizer`. */
export function dictAt(dict: PyDict, key: PyKey, path: string): PyDict {
  const value = dict.get(key);
  if (value instanceof Map) return value as PyDict;
  throw unpublished(`${path} is ${value === undefined ? 'missing' : 'not a dict'}`);
}

export const unpublished = (problem: string): UserError =>
  new UserError(
    'checkpoint/published',
    `The file is not as SlotCon's published code saves one: ${problem}. Choose a ckpt_epoch_N.pth, or one exported from here.`,
  );
