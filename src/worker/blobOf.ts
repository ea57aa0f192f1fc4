/** A file made of chunks, each put away in the browser's keeping before the next is made; a Blob of Blobs copies nothing. */
export function blobOf(chunks: Iterable<Uint8Array<ArrayBuffer>>): Blob {
  const parts: Blob[] = [];
  for (const chunk of chunks) parts.push(new Blob([chunk]));
  return new Blob(parts);
}

/** Bytes that are put away together: as many small Blobs would cost more than they hold. */
const PART = 1 << 20;

/** As `blobOf`, for a file whose many small chunks come one after the other. */
export function createBlobParts(): { add(chunk: Uint8Array<ArrayBuffer>): void; blob(): Blob } {
  const parts: Blob[] = [];
  let fresh: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const putAway = (): void => {
    parts.push(new Blob(fresh));
    fresh = [];
    bytes = 0;
  };
  return {
    add: (chunk) => {
      fresh.push(chunk);
      bytes += chunk.length;
      if (bytes >= PART) putAway();
    },
    blob: () => {
      putAway();
      return new Blob(parts);
    },
  };
}
