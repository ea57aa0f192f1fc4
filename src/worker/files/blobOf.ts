/** Joins chunks into one Blob. Each becomes a Blob, which leaves memory, before the next is made; a Blob of Blobs copies nothing. */
export function blobOf(chunks: Iterable<Uint8Array<ArrayBuffer>>): Blob {
  const parts: Blob[] = [];
  for (const chunk of chunks) parts.push(new Blob([chunk]));
  return new Blob(parts);
}

/** Chunks are joined up to this size: as many small Blobs would cost more than they hold. */
const PART_BYTES = 1 << 20;

/** Like `blobOf`, for a file whose many small chunks are made one after the other. */
export function createBlobParts(): { add(chunk: Uint8Array<ArrayBuffer>): void; blob(): Blob } {
  const parts: Blob[] = [];
  let open: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const flush = (): void => {
    parts.push(new Blob(open));
    open = [];
    bytes = 0;
  };
  return {
    add: (chunk) => {
      open.push(chunk);
      bytes += chunk.length;
      if (bytes >= PART_BYTES) flush();
    },
    blob: () => {
      flush();
      return new Blob(parts);
    },
  };
}
