import { errorMessage, UserError } from '../../lib/errors.ts';
import { isCount } from '../../lib/isCount.ts';
import {
  BYTES_PER_VALUE,
  byteLength,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  METADATA,
  type Dtype,
  type Metadata,
  type StoredTensor,
} from './storedTensor.ts';

/**
 * The safetensors container (https://github.com/huggingface/safetensors): a u64 little-endian header length, a JSON
 * header that starts with `{`, then the raw values of all tensors, little-endian, without holes. Typed arrays have the
 * byte order of the machine, which is little-endian wherever WebGPU runs.
 */
export interface SafetensorsFile {
  readonly metadata: Metadata;
  /** By name, in the order of their values in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const OPENING_BRACE = 0x7b;

/** Header of one tensor; offsets are in bytes from the end of the header. */
interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads and validates a whole file. Tensors are views of `bytes` where alignment allows it and copies elsewhere, so
 * `bytes` must not change while they are in use. Throws a UserError `checkpoint/…` for any violation of the format.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const headerEnd = LENGTH_BYTES + headerLength(bytes);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, headerEnd));
  const entries = header.filter(([name]) => name !== METADATA).map(([name, value]) => readEntry(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, bytes.length - headerEnd);
  const metadata = header.find(([name]) => name === METADATA)?.[1];
  return {
    metadata: metadata === undefined ? {} : readMetadata(metadata),
    tensors: new Map(entries.map((entry) => [entry.name, viewTensor(bytes, headerEnd, entry)])),
  };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length <= LENGTH_BYTES) {
    throw truncated(`it ends after ${bytes.length} bytes, before its header`);
  }
  if (bytes[LENGTH_BYTES] !== OPENING_BRACE) throw notSafetensors('its header does not start with "{"');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw notSafetensors(`it announces a header of ${length} bytes, and ${MAX_HEADER_BYTES} is the most that is read`);
  }
  const present = bytes.length - LENGTH_BYTES;
  if (length > present) throw truncated(`its header has ${length} bytes, but only ${present} are there`);
  return Number(length);
}

/** Parses the header's top level to pairs, with the checks that `JSON.parse` lacks. */
function parseHeader(header: Uint8Array): [string, unknown][] {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
    parsed = JSON.parse(text);
  } catch (error) {
    // JSON.parse quotes the text around the error, including line breaks.
    throw damagedHeader(`is not valid JSON (${errorMessage(error).replaceAll(/\s+/g, ' ')})`);
  }
  if (!isObject(parsed)) throw damagedHeader('is not a JSON object');
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) throw damagedHeader(`names "${duplicate}" twice`);
  return Object.entries(parsed);
}

/** Finds the first key that occurs twice in an object of valid JSON text. `JSON.parse` would silently keep the last. */
function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    const [token] = match;
    const key = match.at(1);
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (key !== undefined) {
      const name = JSON.parse(key) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) throw damagedHeader(`has a "${METADATA}" that is not an object of strings`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw damagedHeader(`has metadata "${key}" that is ${typeof text}, not a string`);
  }
  return Object.fromEntries(Object.entries(value)) as Record<string, string>;
}

function readEntry(name: string, value: unknown): Entry {
  if (!isObject(value)) throw damagedTensor(name, 'is not described by an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES_PER_VALUE, dtype)) {
    throw damagedTensor(name, `has the unknown dtype ${jsonOf(dtype)}`);
  }
  if (!isCounts(shape)) throw damagedTensor(name, `has the shape ${jsonOf(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw damagedTensor(name, `has the data_offsets ${jsonOf(offsets)}`);
  }
  const entry = { name, dtype: dtype as Dtype, shape, begin: offsets[0], end: offsets[1] };
  const expected = byteLength(entry.dtype, shape);
  if (entry.end - entry.begin !== expected) {
    const actual = entry.end - entry.begin;
    throw damagedTensor(name, `needs ${expected} bytes for ${dtype} [${shape.join(', ')}] but has ${actual}`);
  }
  return entry;
}

/** Throws unless the entries fill the values without holes or overlaps. `entries` are sorted by `begin`. */
function checkLayout(entries: readonly Entry[], valueBytes: number): void {
  let end = 0;
  let previous = 'the header';
  for (const entry of entries) {
    if (entry.begin !== end) {
      const what = entry.begin < end ? 'overlaps' : 'leaves a hole after';
      throw damagedTensor(entry.name, `begins at byte ${entry.begin} and ${what} "${previous}", which ends at ${end}`);
    }
    ({ end, name: previous } = entry);
    if (end > valueBytes)
      throw truncated(`tensor "${entry.name}" ends at byte ${end} of the values, and ${valueBytes} are there`);
  }
  if (end < valueBytes) {
    throw damaged('trailing-bytes', `${valueBytes - end} bytes follow the last tensor, "${previous}"`);
  }
}

function viewTensor(bytes: Uint8Array, headerEnd: number, { dtype, shape, begin, end }: Entry): StoredTensor {
  // Not `subarray`: on a Node Buffer that is a Buffer again.
  const raw = new Uint8Array(bytes.buffer, bytes.byteOffset + headerEnd + begin, end - begin);
  const aligned = raw.byteOffset % BYTES_PER_VALUE[dtype] === 0 ? raw : raw.slice();
  const view = [aligned.buffer, aligned.byteOffset, raw.length / BYTES_PER_VALUE[dtype]] as const;
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(...view) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(...view) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(...view) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(...view) };
    default:
      return { dtype, shape, data: raw };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

const jsonOf = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

const damaged = (what: 'header' | 'tensor' | 'trailing-bytes', problem: string): UserError =>
  new UserError(`checkpoint/${what}`, `The checkpoint is damaged: ${problem}. Take another copy or an earlier save.`);
const damagedHeader = (problem: string): UserError => damaged('header', `its header ${problem}`);
const damagedTensor = (name: string, problem: string): UserError => damaged('tensor', `tensor "${name}" ${problem}`);
const truncated = (problem: string): UserError =>
  new UserError('checkpoint/truncated', `The checkpoint is cut short: ${problem}. Copy or download it again.`);
const notSafetensors = (problem: string): UserError =>
  new UserError(
    'checkpoint/not-safetensors',
    `This is no .safetensors file: ${problem}. Choose a checkpoint saved here.`,
  );
