import { UserError } from '../lib/errors.ts';
import type { Backbone } from './backbone.ts';
import { fromMetadata, type Checkpoint } from './checkpoint.ts';
import { isDict, isTensor, type PickleValue } from './pickle/pickleValue.ts';
import { refuseForeign } from './foreign/refuseForeign.ts';
import { fromPublished } from './published/published.ts';
import { readSafetensors } from './safetensors/readSafetensors.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { isTorchFile, readTorchFile } from './torch/torchFile.ts';
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
  refuseForeign(bytes);
  if (isTorchFile(bytes)) return openTorchFile(readTorchFile(bytes));
  const { metadata, tensors } = readSafetensors(bytes);
  // Other writers name a framework here, such as "pt".
  if (metadata.format?.startsWith('slotcon-tab/'))
    return { kind: 'checkpoint', checkpoint: fromMetadata(metadata, tensors) };
  return { kind: 'backbone', backbone: { tensors } };
}

function openTorchFile(value: PickleValue): OpenedFile {
  if (isPublished(value)) return { kind: 'checkpoint', checkpoint: fromPublished(value) };
  const tensors = tensorsIn(value);
  if (tensors.size > 0) return { kind: 'backbone', backbone: { tensors } };
  const held = isDict(value)
    ? `the entries ${[...value.keys()]
        .slice(0, 5)
        .map((key) => quoted(String(key)))
        .join(', ')}`
    : 'no dict';
  throw new UserError(
    'checkpoint/no-tensors',
    `The file holds ${held}, and no tensors by name. Save the encoder's state_dict().`,
  );
}

/** True for a dict with a `model` that has a student's prototypes. */
function isPublished(value: PickleValue): boolean {
  const model = isDict(value) ? value.get('model') : undefined;
  return isDict(model) && [...model.keys()].some((name) => /^(module\.)?grouping_q\./.test(String(name)));
}

/** Depth of dicts to look through: trainers keep a state_dict at the top, under "model", or one for each network. */
const MAX_DEPTH = 4;

/**
 * Tensors by name in nested dicts, such as `teacher.backbone.conv1.weight`, without what all names begin with. An optimizer's
 * state goes by numbers.
 */
function tensorsIn(value: PickleValue): Map<string, StoredTensor> {
  const found: [path: readonly string[], StoredTensor][] = [];
  // A dict can occur in others many times.
  const visited = new Set<PickleValue>();
  const visit = (item: PickleValue, path: readonly string[]): void => {
    if (isTensor(item) && path.length > 0) found.push([path, item]);
    if (!isDict(item) || path.length > MAX_DEPTH || visited.has(item)) return;
    visited.add(item);
    for (const [name, inner] of item) if (typeof name === 'string') visit(inner, [...path, name]);
  };
  visit(value, []);
  let shared = 0;
  while (found.length > 1 && found.every(([path]) => path.length > shared + 1 && path[shared] === found[0][0][shared]))
    shared++;
  return new Map(found.map(([path, tensor]) => [path.slice(shared).join('.'), tensor]));
}
