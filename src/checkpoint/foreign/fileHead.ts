import { zipNames } from '../torch/zipEntries.ts';

/** What a file's kind is told by. */
export interface FileHead {
  readonly bytes: Uint8Array;
  /** The beginning, if it is text. */
  readonly text: string | undefined;
  /** Names in a zip archive; undefined for other files, and for one whose directory is damaged. */
  readonly zip: readonly string[] | undefined;
  /** Whether these characters (Latin-1) stand at a byte of the file. */
  has(magic: string, at?: number): boolean;
}

/** Enough for the title of a web page, and for the second key of a JSON file. */
const TEXT_BYTES = 4096;

export function fileHead(file: Uint8Array): FileHead {
  // Not a Node Buffer, whose methods differ.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const has = (magic: string, at = 0): boolean =>
    at >= 0 &&
    at + magic.length <= bytes.length &&
    bytes.subarray(at, at + magic.length).every((byte, index) => byte === magic.charCodeAt(index));
  return {
    bytes,
    text: has('PK') ? undefined : textOf(bytes.subarray(0, TEXT_BYTES)),
    zip: has('PK\x03\x04') ? zipNames(bytes) : undefined,
    has,
  };
}

/** Text without control characters, or undefined. */
function textOf(bytes: Uint8Array): string | undefined {
  // The last character may be cut.
  const text = new TextDecoder().decode(bytes).replace(/\ufffd$/, '');
  return text === '' || /[\0-\x08\x0e-\x1f\ufffd]/.test(text) ? undefined : text;
}
