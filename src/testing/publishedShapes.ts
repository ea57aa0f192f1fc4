import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { StoredTensor } from '../checkpoint/safetensors/storedTensor.ts';
import { COUNT } from '../checkpoint/singlePrecision.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { NO_CLASSES } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import { sizeOf } from '../lib/shape.ts';
import { torchShape } from '../nn/params.ts';
import { describeState } from '../slotcon/model.ts';

/** Settings of the published networks: ResNet-50, hidden 4096, D 256, K 256. */
export const PUBLISHED_SHAPES = {
  arch: 'resnet50',
  width: 1,
  stages: 4,
  hiddenDim: 4096,
  outDim: 256,
  prototypes: 256,
} satisfies Partial<Config>;

/** Numbers that are drawn: a prime, so that no two channels are alike. */
const DRAWN = 99_991;

/**
 * Checkpoint of the published networks' shapes, for 187 million numbers quickly made: the same draws over and over, scaled as
 * weights are at the start of a training.
 */
export function publishedShapes(change: Partial<Config>): Checkpoint {
  const config = makeConfig(DEFAULT_CONFIG, { ...PUBLISHED_SHAPES, ...change });
  const random = createRandom('published shapes');
  const draws = Float32Array.from({ length: DRAWN }, () => random.normal());
  const scaled = (shape: readonly number[], std: number): Float32Array => {
    const values = new Float32Array(sizeOf(shape));
    const some = draws.map((value) => std * value);
    for (let at = 0; at < values.length; at += DRAWN) values.set(some.subarray(0, values.length - at), at);
    return values;
  };
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, layout, role } of describeState(config)) {
    const stored = torchShape(layout, shape);
    const isMatrix = stored.length > 1 && role !== 'center';
    const std = name.includes('slot_embed') ? 1 : Math.sqrt((2 * stored[0]) / sizeOf(stored));
    const data = isMatrix
      ? scaled(stored, role === 'slot' ? 1e-4 : std)
      : new Float32Array(sizeOf(stored)).fill(role !== 'slot' && /(weight|running_var)$/.test(name) ? 1 : 0);
    tensors.set(name, { dtype: 'F32', shape: stored, data });
    const norm = /^(.*)\.running_mean$/.exec(name)?.[1];
    if (norm !== undefined) tensors.set(norm + COUNT, { dtype: 'I64', shape: [], data: BigInt64Array.of(6n) });
  }
  const images = { datasetFingerprint: '', datasetName: '', imageCount: 118_287, kernels: '' };
  return { config, tensors, position: { step: 3, epoch: 1, batch: 0 }, classes: NO_CLASSES, ...images };
}
