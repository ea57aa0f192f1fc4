/** Bytes of a tensor's values, little-endian: a view, or a copy of shared memory. */
export function tensorBytes({ data }: { readonly data: ArrayBufferView }): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = data;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength).slice();
}
