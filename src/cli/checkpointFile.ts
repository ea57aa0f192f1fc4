import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpointFile, type OpenedFile } from '../checkpoint/openFile.ts';
import { errorMessage, UserError } from '../lib/errors.ts';

/** Opens a checkpoint, ours or the published code's, or an encoder; throws UserErrors `checkpoint/…`. */
export function openFile(path: string): OpenedFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError('checkpoint/unreadable', `The checkpoint "${path}" can't be read: ${errorMessage(error)}`);
  }
  return openCheckpointFile(bytes);
}

/** Like `openFile`, but requires a whole checkpoint. */
export function loadCheckpoint(path: string): Checkpoint {
  const opened = openFile(path);
  if (opened.kind === 'checkpoint') return opened.checkpoint;
  throw new UserError(
    'checkpoint/encoder-only',
    `"${path}" holds ${opened.backbone.tensors.size} tensors of some network and no checkpoint of SlotCon. Make one that starts from it: npm run import -- --from FILE --out FILE.`,
  );
}

/** Writes a file chunk by chunk under a temporary name, and renames it when it is whole. */
export async function writeChunks(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    const file = openSync(unfinished, 'w');
    try {
      for await (const chunk of chunks) writeFileSync(file, chunk);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (error instanceof UserError) throw error;
    throw new UserError('export/unwritable', `"${path}" can't be written: ${errorMessage(error)}`);
  }
}
