import { readFileSync } from 'node:fs';
import { readCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { errorMessage, UserError } from '../lib/errors.ts';

/** Reads a checkpoint from disk; throws UserErrors `checkpoint/…`. */
export function loadCheckpoint(path: string): Checkpoint {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UserError('checkpoint/unreadable', `The checkpoint "${path}" can't be read: ${errorMessage(error)}`);
  }
  return readCheckpoint(bytes);
}
