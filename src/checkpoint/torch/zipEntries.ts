import { crc32 } from '../../lib/zip/crc32.ts';
import { UserError } from '../../lib/errors.ts';

/** Stored entries of a zip archive. `read` returns a view of an entry's bytes after verifying its checksum. */
export interface ZipEntries {
  readonly names: readonly string[];
  /** Undefined if there is no such entry. */
  read(name: string): Uint8Array | undefined;
}

interface Entry {
  readonly name: string;
  readonly crc: number;
  readonly begin: number;
  readonly end: number;
}

// Signatures, sizes and offsets of the records: PKWARE's APPNOTE 4.3.7, 4.3.12, 4.3.16.
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const MAX_COMMENT_BYTES = 0xffff;
/** A field with all bits set: the value is in a zip64 record. */
const ZIP64 = 0xffffffff;

/**
 * Reads the directory of an archive with stored (uncompressed) entries, as PyTorch writes them. Own code because fflate copies
 * every entry, which would hold a model of 0.75 GB in memory twice, and verifies neither overlaps nor checksums. Allocates
 * only the directory; entries must not overlap, so that together they are no larger than the file.
 */
export function readZipEntries(bytes: Uint8Array): ZipEntries {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(view, bytes);
  const inOrder = [...entries.values()].sort((a, b) => a.begin - b.begin);
  for (const [index, entry] of inOrder.entries()) {
    if (index > 0 && entry.begin < inOrder[index - 1].end) {
      throw damaged(`entry ${quoted(entry.name)} overlaps ${quoted(inOrder[index - 1].name)}`);
    }
  }
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name);
      if (!entry) return undefined;
      const content = bytes.subarray(entry.begin, entry.end);
      if (crc32(content) !== entry.crc) throw damaged(`the checksum of entry ${quoted(name)} is wrong`);
      return content;
    },
  };
}

/** Names in the directory of any archive, in order; undefined if it can't be read. */
export function zipNames(bytes: Uint8Array): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return directory(view, bytes).records.map(({ name }) => name);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function readDirectory(view: DataView, bytes: Uint8Array): Map<string, Entry> {
  const { offset, records } = directory(view, bytes);
  const entries = new Map<string, Entry>();
  for (const { name, at } of records) {
    if (entries.has(name)) throw damaged(`it names ${quoted(name)} twice`);
    entries.set(name, locate(view, at, name, offset));
  }
  return entries;
}

/** Offset of the directory, and its records: the name of each and where it begins. */
function directory(
  view: DataView,
  bytes: Uint8Array,
): { readonly offset: number; readonly records: readonly { readonly name: string; readonly at: number }[] } {
  const end = findEnd(view);
  const [count, size, offset] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (offset === ZIP64 || size === ZIP64 || count === 0xffff) throw zip64();
  if (offset + size > end)
    throw damaged(`its directory should end at byte ${offset + size}, but its end lies at ${end}`);
  const records: { name: string; at: number }[] = [];
  let at = offset;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL.bytes > end || view.getUint32(at, true) !== CENTRAL.signature) {
      throw damaged(`entry ${index + 1} of ${count} is missing from its directory`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + CENTRAL.bytes + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw damaged(`entry ${index + 1} of ${count} is cut off in its directory`);
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL.bytes, at + CENTRAL.bytes + nameBytes));
    records.push({ name, at });
    at = next;
  }
  return { offset, records };
}

/** Reads the directory record at `at`; the entry's bytes must lie before the directory. */
function locate(view: DataView, at: number, name: string, directory: number): Entry {
  const [flags, method, crc] = [
    view.getUint16(at + 8, true),
    view.getUint16(at + 10, true),
    view.getUint32(at + 16, true),
  ];
  const [packed, size, header] = [
    view.getUint32(at + 20, true),
    view.getUint32(at + 24, true),
    view.getUint32(at + 42, true),
  ];
  if (packed === ZIP64 || size === ZIP64 || header === ZIP64) throw zip64();
  if (method !== 0 || packed !== size || (flags & 1) !== 0) {
    throw new UserError(
      'checkpoint/compressed',
      `Entry ${quoted(name)} is compressed or encrypted (method ${method}, ${packed} bytes for ${size}); PyTorch stores them as they are. ` +
        'The file was packed anew by another tool: unpack it and use the .pth as torch.save wrote it.',
    );
  }
  if (header + LOCAL.bytes > directory || view.getUint32(header, true) !== LOCAL.signature) {
    throw damaged(`entry ${quoted(name)} should begin at byte ${header} and doesn't`);
  }
  const begin = header + LOCAL.bytes + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (begin + size > directory) {
    throw damaged(`entry ${quoted(name)} should end at byte ${begin + size}, but the directory begins at ${directory}`);
  }
  return { name, crc, begin, end: begin + size };
}

/** Offset of the end record, which a comment may follow. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (
      view.getUint32(at, true) === END.signature &&
      at + END.bytes + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  }
  throw new UserError(
    'checkpoint/truncated',
    `The file is cut short: after ${view.byteLength} bytes the directory that ends every zip archive has not come. Copy or download it again.`,
  );
}

/** Quotes text of a file for a message: one line, shortened. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

const damaged = (problem: string): UserError =>
  new UserError('checkpoint/archive', `The file's zip archive is damaged: ${problem}. Copy or download it again.`);
const zip64 = (): UserError =>
  new UserError(
    'checkpoint/too-large',
    'The file is a zip64 archive, which holds more than 4 GiB; up to 4 GiB are read. Save only "model" and "args".',
  );
