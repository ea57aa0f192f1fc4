/** A file made of chunks, each put away in the browser's keeping before the next is made; a Blob of Blobs copies nothing. */
export function blobOf(chunks: Iterable<Uint8Array<ArrayBuffer>>): Blob {
  const parts: Blob[] = [];
  for (const chunk of chunks) parts.push(new Blob([chunk]));
  return new Blob(parts);
}
