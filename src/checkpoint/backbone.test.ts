import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { makeConfig } from '../config/parse.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { tensorEngine } from '../ops/engine.ts';
import { createEagerEngine } from '../ops/eager/eagerEngine.ts';
import { createModel } from '../slotcon/model.ts';
import { goldenCheckpoint, randomCheckpoint } from '../testing/checkpoints.ts';
import { matchBackbone, startFromBackbone, type Backbone } from './backbone.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { stateDict } from './stateDict.ts';

const SETTINGS = { width: 1 / 16, hiddenDim: 24, outDim: 16, prototypes: 5 };
const RESNET18 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet18' });
const RESNET50 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet50' });

/** A teacher's encoder as a foreign file, its names changed by `rename`; undefined omits a tensor. */
function fileOf(config = RESNET18, rename: (name: string) => string | undefined = (name) => name): Backbone {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of randomCheckpoint(config).tensors) {
    const renamed = name.startsWith('encoder_k.') ? rename(name.slice('encoder_k.'.length)) : undefined;
    if (renamed !== undefined) tensors.set(renamed, tensor);
  }
  return { tensors };
}

const ENCODER_TENSORS = 20 + 20 * 5;

describe('matches', () => {
  it.each(['', 'module.', 'backbone.', 'module.encoder_q.', 'module.encoder_k.', 'model.backbone.'])(
    'names that begin with "%s"',
    (prefix) => {
      const file = fileOf(RESNET18, (name) => prefix + name);
      const match = matchBackbone(file, RESNET18);
      expect(match.matched.size).toBe(ENCODER_TENSORS);
      for (const [name, tensor] of match.matched) expect(tensor, name).toBe(file.tensors.get(prefix + name));
      expect(match).toMatchObject({ missing: [], unused: [], advice: undefined });
    },
  );

  it('the teacher if the file holds both networks', () => {
    const { tensors } = goldenCheckpoint();
    const match = matchBackbone({ tensors }, goldenCheckpoint().config);
    expect(defined(match.matched.get('conv1.weight')).data).toEqual(
      defined(tensors.get('encoder_k.conv1.weight')).data,
    );
    expect(match.matched.size).toBe(ENCODER_TENSORS);
    expect(match.unused).toContain('encoder_q.conv1.weight');
  });

  it('partial files, and lists missing, misshapen and unused tensors with the reason', () => {
    const { tensors } = fileOf(RESNET18, (name) => (name === 'bn1.weight' ? undefined : name));
    const changed = new Map(tensors)
      .set('fc.weight', { dtype: 'F32', shape: [3, 32], data: new Float32Array(96) })
      .set('layer4.1.conv2.weight', { dtype: 'F32', shape: [32, 32, 1, 1], data: new Float32Array(1024) });
    const match = matchBackbone({ tensors: changed }, RESNET18);
    expect(match.missing).toEqual([
      { name: 'bn1.weight', why: 'not in the file' },
      { name: 'layer4.1.conv2.weight', why: '32×32×1×1 in the file, 32×32×3×3 expected' },
    ]);
    expect(match.unused).toEqual(['fc.weight']);
    expect(match.matched.size).toBe(ENCODER_TENSORS - 2);
  });

  it('files without batch counts, such as early ones of torchvision', () => {
    const match = matchBackbone(
      fileOf(RESNET18, (name) => (name.includes('num_') ? undefined : name)),
      RESNET18,
    );
    expect(match.missing).toEqual([]);
    const { tensors } = startFromBackbone(match, RESNET18);
    expect(tensors.get('encoder_k.bn1.num_batches_tracked')).toMatchObject({
      dtype: 'I64',
      data: BigInt64Array.of(0n),
    });
  });

  it('the kept stages of a whole encoder', () => {
    const cut = makeConfig(RESNET18, { stages: 2, outputStride: 8 });
    const match = matchBackbone(fileOf(), cut);
    expect(match.missing).toEqual([]);
    expect(match.unused.every((name) => /^layer[34]/.test(name))).toBe(true);
    expect(match.advice).toBeUndefined();
  });
});

describe('advises', () => {
  it('the architecture and the width of the file', () => {
    const wider = fileOf(makeConfig(RESNET50, { width: 1 / 8 }));
    expect(() => matchBackbone(wider, RESNET18)).toThrow(
      /holds 318 tensors, such as .*no convolution.*"conv1.weight" is 8×3×7×7 in the file, 4×3×7×7 expected.*set arch=resnet50 width=0.125/,
    );
    expect(matchBackbone(fileOf(RESNET50), RESNET18).advice).toMatch(/set arch=resnet50 width=0.0625/);
  });

  it('that the architecture is unknown', () => {
    const { tensors } = fileOf(RESNET50);
    const deeper = new Map(tensors).set('layer3.6.conv1.weight', defined(tensors.get('layer3.5.conv1.weight')));
    expect(matchBackbone({ tensors: deeper }, RESNET50).advice).toMatch(/3-4-7-3 blocks.*none of resnet18/);
  });
});

describe('refuses', () => {
  it('half precision, naming the tensor and the remedy', () => {
    const { tensors } = fileOf();
    const half = new Map(tensors).set('conv1.weight', {
      dtype: 'F16',
      shape: [4, 3, 7, 7],
      data: new Uint8Array(1176),
    });
    expect(() => matchBackbone({ tensors: half }, RESNET18)).toThrow(/"conv1.weight" as F16.*F32.*\.float\(\)/);
  });

  it('values that are not finite', () => {
    const { matched, ...match } = matchBackbone(fileOf(), RESNET18);
    const broken = new Map(matched).set('bn1.bias', { dtype: 'F32', shape: [4], data: Float32Array.of(0, 0, NaN, 0) });
    expect(() => startFromBackbone({ ...match, matched: broken }, RESNET18)).toThrow(
      /bn1.bias" holds NaN at position 2/,
    );
  });

  it('a file with other content, naming it', () => {
    const tensors = new Map<string, StoredTensor>([
      ['patch_embed.proj.weight', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }],
    ]);
    expect(() => matchBackbone({ tensors }, RESNET18)).toThrow(
      /1 tensors, such as "patch_embed.proj.weight".*no convolution.*"conv1.weight" is not in the file.*torchvision or timm/,
    );
    expect(() => matchBackbone({ tensors: new Map() }, RESNET18)).toThrow(/no tensor/);
  });
});

describe('startFromBackbone', () => {
  const match = matchBackbone(
    fileOf(RESNET18, (name) => (name === 'bn1.bias' ? undefined : name)),
    RESNET18,
  );
  const { tensors, position } = startFromBackbone(match, RESNET18);

  it('starts at step 0', () => {
    expect(position.step).toBe(0);
  });

  it('takes both encoders from the file and initializes everything else', async () => {
    await tf.setBackend('cpu');
    const engine = tensorEngine(createEagerEngine());
    const fresh = await stateDict(engine, createModel(engine, RESNET18, createRandom(RESNET18.seed)));
    expect(new Set(tensors.keys())).toEqual(new Set(fresh.keys()));
    for (const [name, tensor] of tensors) {
      const own = /^encoder_[kq]\.(.*)/.exec(name)?.[1];
      const expected = (own === undefined ? undefined : match.matched.get(own)) ?? defined(fresh.get(name));
      expect(tensor, name).toEqual(expected);
    }
    expect(defined(tensors.get('encoder_q.bn1.bias')).data).toEqual(new Float32Array(4));
  });
});
