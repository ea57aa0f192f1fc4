import type { Config } from '../config/fields.ts';
import { defined } from '../lib/defined.ts';
import { UserError } from '../lib/errors.ts';
import { sizeOf } from '../lib/shape.ts';
import { torchShape, fromTorch, toTorch } from '../nn/params.ts';
import type { Engine } from '../ops/engine.ts';
import { describeState, type Entry, type Model } from '../slotcon/model.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { COUNT } from './singlePrecision.ts';

/** Reads all tensors of a model, by their published names and in PyTorch's layout. */
export async function stateDict(engine: Engine, model: Model): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const entries of inPieces([...model.entries.values()])) {
    const values = await Promise.all(entries.map(({ variable }) => engine.read(variable)));
    for (const [at, { name, layout, variable }] of entries.entries()) {
      const data = toTorch(layout, variable.shape, values[at]);
      tensors.set(name, { dtype: 'F32', shape: torchShape(layout, variable.shape), data });
    }
  }
  for (const [norm, count] of model.batchesTracked) {
    tensors.set(norm + COUNT, { dtype: 'I64', shape: [], data: BigInt64Array.of(BigInt(count)) });
  }
  return tensors;
}

/** Floats that are read at once: each wait for the device takes some milliseconds, however little is read. */
const READ_FLOATS = 2 ** 24;

/** Entries in order, in pieces of at most READ_FLOATS, or of one entry. */
function inPieces(entries: readonly Entry[]): Entry[][] {
  const pieces: Entry[][] = [];
  let free = 0;
  for (const entry of entries) {
    const size = sizeOf(entry.variable.shape);
    if (size > free || pieces.length === 0) {
      pieces.push([]);
      free = READ_FLOATS;
    }
    defined(pieces.at(-1)).push(entry);
    free -= size;
  }
  return pieces;
}

/**
 * Loads stored tensors into a model. Validates all before changing any: a missing tensor, a wrong shape or type, or a value
 * that isn't finite throws a UserError `checkpoint/…` naming the tensor. With `optimizer: 'optional'` missing momenta stay 0;
 * all other tensors are required.
 */
export function loadStateDict(
  engine: Engine,
  model: Model,
  tensors: ReadonlyMap<string, StoredTensor>,
  { optimizer }: { readonly optimizer: 'required' | 'optional' } = { optimizer: 'required' },
): void {
  const checked: [Entry, Float32Array][] = [];
  for (const entry of model.entries.values()) {
    const stored = tensors.get(entry.name);
    if (stored === undefined && optimizer === 'optional' && entry.name.startsWith('optimizer.')) continue;
    checked.push([entry, checkTensor(entry.name, torchShape(entry.layout, entry.variable.shape), stored)]);
  }
  for (const norm of model.batchesTracked.keys()) checkCount(norm + COUNT, tensors.get(norm + COUNT));
  for (const [{ layout, variable }, data] of checked) engine.write(variable, fromTorch(layout, variable.shape, data));
  for (const norm of model.batchesTracked.keys()) {
    const stored = tensors.get(norm + COUNT);
    if (stored?.dtype === 'I64') model.batchesTracked.set(norm, Number(stored.data[0]));
  }
}

/** Throws a UserError unless a checkpoint's tensors are complete and fit its own config. Builds no model. */
export function checkTensors(config: Config, tensors: ReadonlyMap<string, StoredTensor>): void {
  for (const { name, shape, layout } of describeState(config)) {
    checkTensor(name, torchShape(layout, shape), tensors.get(name));
  }
  for (const [name, stored] of tensors) if (name.endsWith(COUNT)) checkCount(name, stored);
}

/** Checks `num_batches_tracked`, which is optional: PyTorch before 0.4.1 didn't save it. */
function checkCount(name: string, stored: StoredTensor | undefined): void {
  if (stored === undefined) return;
  if (stored.dtype === 'I64' && stored.data.length === 1 && stored.data[0] >= 0) return;
  throw new UserError(
    'checkpoint/dtype',
    `The tensor "${name}" is ${stored.dtype} [${stored.shape.join(', ')}]; one whole number that counts batches is expected. The file was edited or is damaged: use another.`,
  );
}

function checkTensor(name: string, expected: readonly number[], stored: StoredTensor | undefined): Float32Array {
  if (stored === undefined) {
    throw new UserError(
      'checkpoint/missing-tensor',
      `The checkpoint has no tensor "${name}" (${expected.join('×')}). It belongs to another architecture or is incomplete.`,
    );
  }
  if (stored.dtype !== 'F32') {
    throw new UserError(
      'checkpoint/dtype',
      `The tensor "${name}" is stored as ${stored.dtype}; floats are expected. Take the model as it was before it was quantized.`,
    );
  }
  if (stored.shape.length !== expected.length || stored.shape.some((size, axis) => size !== expected[axis])) {
    throw new UserError(
      'checkpoint/shape',
      `The tensor "${name}" is ${stored.shape.join('×') || 'a scalar'}, but this model needs ${expected.join('×')}. ` +
        'The checkpoint belongs to another architecture: start with the settings it was saved with.',
    );
  }
  const bad = stored.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      'checkpoint/not-finite',
      `The tensor "${name}" holds ${stored.data[bad]} at position ${bad} of ${stored.data.length}. ` +
        'The run it was saved from had failed; use an earlier checkpoint.',
    );
  }
  return stored.data;
}
