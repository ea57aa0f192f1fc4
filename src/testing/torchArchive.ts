import { zipSync } from 'fflate';

type Entries = Readonly<Record<string, Uint8Array>>;

/** A .pth file of any pickle and any further entries, valid or not. */
export function torchArchive(pickle: Uint8Array, entries: Entries = {}): Uint8Array {
  return storedZip({ 'archive/data.pkl': pickle, ...entries });
}

export function storedZip(entries: Entries): Uint8Array {
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** A pickle by its opcodes: numbers are bytes, text stands for its UTF-8. The protocol and the STOP are added. */
export function pickleOf(...parts: readonly (number | string)[]): Uint8Array {
  const bytes = parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)]));
  return Uint8Array.from([0x80, 2, ...bytes, 0x2e]);
}
