import { Zip, ZipPassThrough } from 'fflate';
import { UserError } from '../../lib/errors.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import type { PickleValue } from '../pickle/pickleValue.ts';
import { readPickle } from '../pickle/readPickle.ts';
import { writePickle } from '../pickle/writePickle.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { tensorBytes } from '../tensorBytes.ts';
import { quoted, readZipEntries, type ZipEntries } from './zipEntries.ts';

/** Root folder of torch.save without a file name. */
const ROOT = 'archive';
/** Alignment of entries in PyTorch: torch.load memory-maps storages in place. */
const ALIGNMENT = 64;
/** Bytes before an entry's name, and header of the padding's extra field: PKWARE's APPNOTE 4.3.7. */
const LOCAL_HEADER_BYTES = 30;
const EXTRA_HEADER_BYTES = 4;
/** Id of PyTorch's padding field: "FB". */
const PADDING_ID = 0x4246;
/** Earliest date of a zip; fixed, so that the same model gives the same file. */
const TIMESTAMP = new Date(1980, 0, 1);

type Chunk = Uint8Array<ArrayBuffer>;

/**
 * Writes a file like torch.save, in chunks: a zip of stored entries, the pickle first, then the values of every tensor.
 * fflate writes the zip because it streams without copying its input. Chunks may be views of the tensors.
 */
export function* writeTorchFile(value: PickleValue): Generator<Chunk> {
  const storages: StoredTensor[] = [];
  const pickle = joinChunks(writePickle(value, (tensor) => String(storages.push(tensor) - 1)));
  const text = (content: string): Chunk => new TextEncoder().encode(content);
  const zip = createZip();
  yield* zip.entry('data.pkl', pickle);
  yield* zip.entry('byteorder', text('little'));
  for (const [key, tensor] of storages.entries()) yield* zip.entry(`data/${key}`, tensorBytes(tensor));
  yield* zip.entry('version', text('3\n'));
  yield* zip.end();
}

function createZip(): { entry(name: string, content: Chunk): Generator<Chunk>; end(): Generator<Chunk> } {
  const waiting: Chunk[] = [];
  let written = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    waiting.push(chunk);
  });
  function* drain(): Generator<Chunk> {
    for (const chunk of waiting.splice(0)) {
      written += chunk.length;
      yield chunk;
    }
  }
  return {
    *entry(name, content) {
      const file = new ZipPassThrough(`${ROOT}/${name}`);
      const begin = written + LOCAL_HEADER_BYTES + file.filename.length + EXTRA_HEADER_BYTES;
      if (begin + content.length >= 2 ** 32)
        throw new Error('zip archives beyond 4 GiB need zip64, which is not written');
      file.extra = { [PADDING_ID]: new Uint8Array((ALIGNMENT - (begin % ALIGNMENT)) % ALIGNMENT) };
      file.mtime = TIMESTAMP;
      zip.add(file);
      file.push(content, true);
      yield* drain();
    },
    *end() {
      zip.end();
      yield* drain();
    },
  };
}

/**
 * Reads a file as torch.load does, except for classes (see `readPickle`). Tensors are views of `file`, which must not change
 * while they are in use; strided and unaligned ones are copied. All together are at most twice as large as the file.
 */
export function readTorchFile(file: Uint8Array): PickleValue {
  // Not a Node Buffer: its slice() is no copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  checkContainer(bytes);
  const entries = readZipEntries(bytes);
  const pickles = entries.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const pickle = pickles.length === 1 ? entries.read(pickles[0]) : undefined;
  if (!pickle) throw foreign(`holds ${pickles.length} entries named "data.pkl" in place of one`);
  const root = pickles[0].slice(0, -'data.pkl'.length);
  checkByteOrder(entries, `${root}byteorder`);
  const opened = new Map<string, Uint8Array>();
  // Tied weights occur twice; more would be a small file that expands to a large model.
  const limit = 2 * bytes.length;
  let spent = 0;
  return readPickle(pickle, {
    bytes: (key) => {
      const found = opened.get(key) ?? entries.read(`${root}data/${key}`);
      if (!found)
        throw new UserError(
          'checkpoint/archive',
          `The file's zip archive has no entry ${quoted(`${root}data/${key}`)}, which holds values of a tensor. Copy or download it again.`,
        );
      opened.set(key, found);
      return found;
    },
    spend: (count) => {
      spent += count;
      if (spent > limit) {
        throw new UserError(
          'checkpoint/too-large',
          `The file's tensors share their values so often that they would fill more than ${limit} bytes, twice the file. Save every tensor's .clone().`,
        );
      }
    },
  });
}

/** Start of files of PyTorch before 1.6: the number 0x1950a86a20f9469cfc6c as a pickle of protocol 2. */
const LEGACY = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/** Signature of a zip archive. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

const begins = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

/** True for what torch.save begins a file with, of any version. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return begins(bytes, ZIP) || begins(bytes, LEGACY);
}

function checkContainer(bytes: Uint8Array): void {
  if (begins(bytes, LEGACY)) {
    throw new UserError(
      'checkpoint/legacy',
      'The file was saved by a PyTorch before 1.6, or in its legacy format. Save it anew: torch.save(torch.load(FILE, map_location="cpu"), NEW_FILE).',
    );
  }
  if (!begins(bytes, ZIP)) throw foreign('is no zip archive');
}

function checkByteOrder(entries: ZipEntries, name: string): void {
  const stored = entries.read(name);
  // PyTorch before 2.1 wrote none, and only on little-endian machines.
  if (stored === undefined) return;
  const order = new TextDecoder().decode(stored.subarray(0, 16));
  if (order === 'little') return;
  throw new UserError(
    'checkpoint/byte-order',
    `The entry ${quoted(name)} says ${quoted(order)}, but "little" is expected. Save the file on a little-endian machine, such as any PC or Mac.`,
  );
}

const foreign = (problem: string): UserError =>
  new UserError(
    'checkpoint/not-torch',
    `The file ${problem}, so it was not written by torch.save. Choose a .pth file of PyTorch.`,
  );
