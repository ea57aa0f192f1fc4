/** A tensor's values as they lie in memory, little-endian: a view, or a copy where they are shared between threads. */
export function tensorBytes({ data }: { readonly data: ArrayBufferView }): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = data;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength).slice();
}
