import { readFileSync } from 'node:fs';
import type { Backbone } from '../checkpoint/backbone.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { readSafetensors } from '../checkpoint/safetensors/readSafetensors.ts';
import type { StoredTensor } from '../checkpoint/safetensors/storedTensor.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { NO_CLASSES } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import { torchShape, toTorch } from '../nn/params.ts';
import { describeState } from '../slotcon/model.ts';
import { goldenConfig, under, type GoldenJson } from './parity/golden.ts';

/** State of the published code after three steps, as a checkpoint without momenta. */
export function goldenCheckpoint(): Checkpoint {
  const folder = new URL('goldens/', import.meta.url);
  const json = JSON.parse(readFileSync(new URL('ckpt.json', folder), 'utf8')) as GoldenJson;
  const file = readSafetensors(new Uint8Array(readFileSync(new URL('ckpt_epoch_1.safetensors', folder))));
  // The golden stores counts as [1].
  const tensors = [...under(file, 'model/module.')].map(([name, stored]): [string, StoredTensor] => [
    name,
    name.endsWith('.num_batches_tracked') ? { ...stored, shape: [] } : stored,
  ]);
  return { ...UNTRAINED, config: goldenConfig(json.args), tensors: new Map(tensors) };
}

/** Checkpoint of any settings whose tensors, including running statistics, are all random. */
export function randomCheckpoint(config: Config): Checkpoint {
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, layout, initial } of describeState(config)) {
    const random = createRandom(name);
    const data = initial(random);
    // Constant initial values, such as 0 in the last BatchNorm of a block, would hide errors.
    if (data.every((value) => value === data[0])) data.forEach((_, at) => (data[at] = random.uniform(0.5, 1.5)));
    tensors.set(name, { dtype: 'F32', shape: torchShape(layout, shape), data: toTorch(layout, shape, data) });
    if (name.endsWith('.running_mean')) {
      const count = name.replace('running_mean', 'num_batches_tracked');
      tensors.set(count, { dtype: 'I64', shape: [], data: BigInt64Array.of(6n) });
    }
  }
  return { ...UNTRAINED, config, tensors };
}

/** A random encoder as a file from elsewhere, its names changed by `rename`; undefined omits a tensor. */
export function encoderFile(config: Config, rename: (name: string) => string | undefined = (name) => name): Backbone {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of randomCheckpoint(config).tensors) {
    const renamed = name.startsWith('encoder_k.') ? rename(name.slice('encoder_k.'.length)) : undefined;
    if (renamed !== undefined) tensors.set(renamed, tensor);
  }
  return { tensors };
}

/** A checkpoint in the middle of a run of a small quick preset, every field of it set. */
export function quickCheckpoint(change: Partial<Config>): Checkpoint {
  const config = makeConfig(presetConfig('quick'), {
    // Comparing large arrays takes the test runner long.
    width: 1 / 16,
    hiddenDim: 32,
    outDim: 16,
    seed: 7,
    cropSize: 96,
    trustCoefficient: 0.002,
    ...change,
  });
  const checkpoint = randomCheckpoint(config);
  return {
    ...checkpoint,
    position: { step: 50, epoch: 4, batch: 2 },
    datasetName: 'my <folder>',
    imageCount: 400,
    datasetFingerprint: 'abc',
    classes: [{ name: 'sky', prototypes: [0, 1] }],
  };
}

const UNTRAINED: Omit<Checkpoint, 'config' | 'tensors'> = {
  position: { step: 3, epoch: 1, batch: 0 },
  datasetFingerprint: '',
  datasetName: '',
  imageCount: 13,
  classes: NO_CLASSES,
  kernels: '',
};
