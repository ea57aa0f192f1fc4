import { randomUUID } from 'node:crypto';
import { close, openSync, read, rmSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { Overflow } from './overflow.ts';

// Not `FileHandle`, which Node closes with a warning once nobody reads from it any more.
const [readAt, writeAt, closeFile] = [promisify(read), promisify(write), promisify(close)];

/** Creates a file among the system's temporary ones that is gone when the process ends, however it ends. */
export function createTemporaryOverflow(): Promise<Overflow> {
  const folder = tmpdir();
  try {
    const path = join(folder, `slotcon-tab-${randomUUID()}`);
    const file = openSync(path, 'wx+');
    // Without a name it lives as long as it is open.
    rmSync(path);
    const overflow = overflowOn(file, (thrown) => {
      throw noRoom(folder, thrown);
    });
    return Promise.resolve(overflow);
  } catch (thrown) {
    return Promise.reject(noRoom(folder, thrown));
  }
}

function overflowOn(file: number, fail: (thrown: unknown) => never): Overflow {
  let size = 0;
  return {
    append: async (bytes) => {
      const at = size;
      // Before waiting: others append meanwhile.
      size += bytes.length;
      for (let done = 0; done < bytes.length;) {
        done += (await writeAt(file, bytes, done, bytes.length - done, at + done).catch(fail)).bytesWritten;
      }
      return at;
    },
    finish: () =>
      Promise.resolve(async (at, length) => {
        const bytes = new Uint8Array(length);
        await readAt(file, bytes, 0, length, at);
        return bytes;
      }),
    discard: () => closeFile(file),
  };
}

function noRoom(folder: string, thrown: unknown): UserError {
  return new UserError(
    'images/no-room',
    `Working copies of the images can't be written to "${folder}": ${errorMessage(thrown)}. Set TMPDIR to a folder with more room, or lower workingSize.`,
  );
}
