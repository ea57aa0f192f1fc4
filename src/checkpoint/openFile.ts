import { UserError } from '../lib/errors.ts';
import type { Backbone } from './backbone.ts';
import { fromMetadata, type Checkpoint } from './checkpoint.ts';
import { isDict, isTensor, type PickleValue } from './pickle/pickleValue.ts';
import { fromPublished } from './published/published.ts';
import { readSafetensors } from './safetensors/readSafetensors.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { readTorchFile, ZIP } from './torch/torchFile.ts';
import { quoted } from './torch/zipEntries.ts';

export type OpenedFile =
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** Weights of an encoder, see `matchBackbone`. */
  | { readonly kind: 'backbone'; readonly backbone: Backbone };

/**
 * Opens a file that a run can continue or start from: a checkpoint of slotcon-tab or of the published code, or the weights of
 * an encoder. The kind is detected by content, not by name. Throws a UserError for anything else. Tensors are views of
 * `bytes`, which must not change while they are in use.
 */
export function openCheckpointFile(bytes: Uint8Array): OpenedFile {
  const begins = (...magic: number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
  if (begins(...ZIP) || begins(...LEGACY_TORCH)) return openTorchFile(readTorchFile(bytes));
  // The header length of a .safetensors file may look like either; its header then follows.
  if (bytes[HEADER_AT] !== OPENING_BRACE) {
    if (begins(PICKLE) && bytes[1] <= 5)
      throw exportOnly('a plain Python pickle, such as a model for detectron2 (.pkl)');
    if (begins(ONNX) && bytes[2] === ONNX_PRODUCER) throw exportOnly('an ONNX model');
  }
  const { metadata, tensors } = readSafetensors(bytes);
  // Other writers name a framework here, such as "pt".
  if (metadata.format?.startsWith('slotcon-tab/'))
    return { kind: 'checkpoint', checkpoint: fromMetadata(metadata, tensors) };
  return { kind: 'backbone', backbone: { tensors } };
}

const PICKLE = 0x80;
/** Protobuf tags of an ONNX file's version and producer name. */
const [ONNX, ONNX_PRODUCER] = [0x08, 0x12];
const [HEADER_AT, OPENING_BRACE] = [8, 0x7b];
/** Start of PyTorch's legacy format, before zip archives: a pickled magic number. */
const LEGACY_TORCH = [PICKLE, 0x02, 0x8a, 0x0a];

function openTorchFile(value: PickleValue): OpenedFile {
  if (isPublished(value)) return { kind: 'checkpoint', checkpoint: fromPublished(value) };
  const tensors = stateDictOf(value);
  if (tensors !== undefined) return { kind: 'backbone', backbone: { tensors } };
  const held = isDict(value)
    ? `the entries ${[...value.keys()]
        .slice(0, 5)
        .map((key) => quoted(String(key)))
        .join(', ')}`
    : 'no dict';
  throw new UserError(
    'checkpoint/no-tensors',
    `The file holds ${held}, and no tensors directly, under "state_dict" or under "model". Save the encoder's state_dict().`,
  );
}

/** True for a dict with a `model` that has a student's prototypes. */
function isPublished(value: PickleValue): boolean {
  const model = isDict(value) ? value.get('model') : undefined;
  return isDict(model) && [...model.keys()].some((name) => /^(module\.)?grouping_q\./.test(String(name)));
}

/** Tensors of a state_dict, at the top level or under the keys that trainers use. */
function stateDictOf(value: PickleValue | undefined, deeper = true): Map<string, StoredTensor> | undefined {
  if (!isDict(value)) return undefined;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, item] of value) if (isTensor(item)) tensors.set(String(name), item);
  if (tensors.size > 0) return tensors;
  return deeper ? (stateDictOf(value.get('state_dict'), false) ?? stateDictOf(value.get('model'), false)) : undefined;
}

const exportOnly = (what: string): UserError =>
  new UserError(
    'checkpoint/export-only',
    `The file is ${what}, which is only written here. Choose the .pth or .safetensors file it was made from.`,
  );
