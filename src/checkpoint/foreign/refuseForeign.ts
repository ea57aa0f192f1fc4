import { UserError } from '../../lib/errors.ts';
import { LENGTH_BYTES, MAX_HEADER_BYTES } from '../safetensors/storedTensor.ts';
import { isTorchFile } from '../torch/torchFile.ts';
import { fileHead } from './fileHead.ts';
import { FOREIGN_KINDS } from './foreignKinds.ts';

/** Throws a UserError `checkpoint/foreign` that names what a file is, unless it looks like .safetensors or one of torch.save. */
export function refuseForeign(bytes: Uint8Array): void {
  // The length of a header may look like the beginning of another format.
  if (looksLikeSafetensors(bytes)) return;
  const head = fileHead(bytes);
  const kind = FOREIGN_KINDS.find(({ is }) => is(head));
  if (kind) {
    const what = typeof kind.what === 'string' ? kind.what : kind.what(head);
    throw foreign(`${what}. ${kind.remedy}`);
  }
  if (isTorchFile(bytes)) return;
  const first = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw foreign(
    `of no kind that is known here; it begins with the bytes ${first}. Choose a .pth or .safetensors file.`,
  );
}

function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length <= LENGTH_BYTES || bytes[LENGTH_BYTES] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getBigUint64(0, true) <= MAX_HEADER_BYTES;
}

const foreign = (what: string): UserError => new UserError('checkpoint/foreign', `The file is ${what}`);
