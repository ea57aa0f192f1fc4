import { joinChunks } from '../../lib/joinChunks.ts';
import { tensorBytes } from '../tensorBytes.ts';
import {
  BYTES_PER_VALUE,
  byteLength,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  METADATA,
  type Metadata,
  type StoredTensor,
} from './storedTensor.ts';

/** Writes a file: the chunks of `safetensorsChunks` as one. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Metadata = {},
): Uint8Array<ArrayBuffer> {
  return joinChunks(safetensorsChunks(tensors, metadata));
}

/**
 * Writes a file in chunks that are views of the tensors. Tensors with wider values come first, otherwise in the given order, so
 * that every tensor is aligned to its own value size without holes; the header is padded with spaces to a multiple of 8.
 */
export function* safetensorsChunks(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Metadata = {},
): Generator<Uint8Array<ArrayBuffer>> {
  const ordered = [...tensors].sort(([, a], [, b]) => BYTES_PER_VALUE[b.dtype] - BYTES_PER_VALUE[a.dtype]);
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([METADATA, metadata]);
  const names = new Set([METADATA]);
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    if (names.has(name)) throw new Error(`tensor name "${name}" is reserved or given twice`);
    names.add(name);
    if (data.byteLength !== byteLength(dtype, shape)) {
      throw new Error(`tensor "${name}": ${data.byteLength} bytes do not fill ${dtype} [${shape.join(', ')}]`);
    }
    header.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > MAX_HEADER_BYTES) throw new Error(`a header of ${headerBytes} bytes is longer than readers accept`);
  const head = new Uint8Array(LENGTH_BYTES + headerBytes).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(json, LENGTH_BYTES);
  yield head;
  for (const [, tensor] of ordered) yield tensorBytes(tensor);
}
