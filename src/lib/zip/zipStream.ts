import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { UserError } from '../errors.ts';

/** Limits of a zip without zip64 extensions. */
export const MAX_ZIP_FILES = 65_535;
const MAX_ZIP_BYTES = 2 ** 32 - 1;

/** A zip that is written incrementally. */
export interface ZipStream {
  /** Adds a whole file in parts. `packed` compresses it; leave it off for content that is compressed already. */
  add(name: string, parts: Iterable<Uint8Array>, packed: boolean): void;
  end(): void;
  /** Returns the chunks that are ready, and removes them. */
  take(): Uint8Array<ArrayBuffer>[];
}

export function createZipStream(): ZipStream {
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    bytes += chunk.length;
    if (bytes > MAX_ZIP_BYTES) {
      throw new UserError(
        'export/too-large',
        'The zip would be larger than 4 GiB, which is the most that every program opens. Export fewer images at a time.',
      );
    }
    ready.push(chunk);
  });
  return {
    add: (name, parts, packed) => {
      const file = packed ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
      zip.add(file);
      for (const part of parts) file.push(part);
      file.push(new Uint8Array(0), true);
    },
    end: () => zip.end(),
    take: () => {
      const taken = ready;
      ready = [];
      return taken;
    },
  };
}
