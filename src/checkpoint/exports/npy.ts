import { PREFIX } from '../../slotcon/networks.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { floatsOf, type Float32Tensor } from './teacher.ts';
import { tensorBytes } from '../tensorBytes.ts';

/** "\x93NUMPY", version 1.0. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const LENGTH_BYTES = 2;
const ALIGNMENT = 64;

/** Writes the teacher's prototypes, [K,D], not normalized. */
export function writePrototypes(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  return writeNpy(floatsOf(checkpoint.tensors, `${PREFIX.teacher.grouping}.slot_embed.weight`));
}

/**
 * Writes an array in NumPy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a Python dict as
 * text, padded with spaces and a newline so that the values begin at a multiple of 64, then the values.
 */
export function* writeNpy(tensor: Float32Tensor): Iterable<Uint8Array<ArrayBuffer>> {
  const shape = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const start = MAGIC.length + LENGTH_BYTES;
  const headerBytes = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const header = new Uint8Array(start + headerBytes);
  header.set(MAGIC);
  new DataView(header.buffer).setUint16(MAGIC.length, headerBytes, true);
  header.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 1)}\n`), start);
  yield header;
  yield tensorBytes(tensor);
}
