import type { ByteSource } from '../../regions/file/readRegions.ts';

export async function bytesOfBlob(blob: Blob, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.slice(at, at + length).arrayBuffer());
}

/** Reads a Blob in pieces. */
export function blobSource(blob: Blob): ByteSource {
  return { size: blob.size, read: (at, length) => bytesOfBlob(blob, at, length) };
}
