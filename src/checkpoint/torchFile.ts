import { Zip, ZipPassThrough } from 'fflate';
import type { StoredTensor } from './safetensors.ts';
import type { PickleValue } from './pickle/pickleValue.ts';
import { writePickle } from './pickle/writePickle.ts';

/** The folder that torch.save puts everything into when it isn't given a file name. */
const ROOT = 'archive';
/** torch.load maps storages into memory in place, so PyTorch lays every entry at a multiple of this. */
const ALIGNMENT = 64;
/** Where an entry's name begins, and what the padding adds to its length: ids and sizes as in PKWARE's APPNOTE 4.3.7. */
const LOCAL_HEADER_BYTES = 30;
const EXTRA_HEADER_BYTES = 4;
/** The extra field that PyTorch pads with: "FB". */
const PADDING_ID = 0x4246;
/** The first day that a zip can tell; the same model gives the same file. */
const TIMESTAMP = new Date(1980, 0, 1);

type Chunk = Uint8Array<ArrayBuffer>;

/**
 * A file as torch.save writes it, in chunks: a zip of stored entries, the pickle first, then the values of every tensor.
 * fflate writes the zip because it streams without copying what it is given. Chunks may be views of the tensors.
 */
export function* writeTorchFile(value: PickleValue): Generator<Chunk> {
  const storages: StoredTensor[] = [];
  const pickle = joined(writePickle(value, (tensor) => String(storages.push(tensor) - 1)));
  const text = (content: string): Chunk => new TextEncoder().encode(content);
  const zip = createZip();
  yield* zip.entry('data.pkl', pickle);
  yield* zip.entry('byteorder', text('little'));
  for (const [key, { data }] of storages.entries()) {
    yield* zip.entry(`data/${key}`, new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength));
  }
  yield* zip.entry('version', text('3\n'));
  yield* zip.end();
}

function createZip(): { entry(name: string, content: Chunk): Generator<Chunk>; end(): Generator<Chunk> } {
  const waiting: Chunk[] = [];
  let written = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    waiting.push(chunk as Chunk);
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

function joined(chunks: Iterable<Chunk>): Chunk {
  const all = [...chunks];
  const whole = new Uint8Array(all.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of all) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
