import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Config } from '../config/fields.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { makeConfig } from '../config/parse.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { tensorEngine } from '../ops/engine.ts';
import { createEagerEngine } from '../ops/eager/eagerEngine.ts';
import { createModel } from '../slotcon/model.ts';
import { encoderFile, goldenCheckpoint } from '../testing/checkpoints.ts';
import { matchBackbone, startFromBackbone, type Backbone } from './backbone.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { stateDict } from './stateDict.ts';

const SETTINGS = { width: 1 / 16, hiddenDim: 24, outDim: 16, prototypes: 5 };
const RESNET18 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet18' });
const RESNET50 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet50' });

const ENCODER_TENSORS = 20 + 20 * 5;

function expectWhole(config: Config, rename: (name: string) => string): void {
  const file = encoderFile(config, rename);
  const match = matchBackbone(file, config);
  expect(match.matched.size).toBe(file.tensors.size);
  for (const [name, tensor] of match.matched) expect(tensor, name).toStrictEqual(file.tensors.get(rename(name)));
  expect(match).toMatchObject({ missing: [], unused: [], advice: undefined });
}

/** As `ResNetModel` of transformers names a tensor. */
function huggingFace(name: string): string {
  const kind = /conv\d|downsample\.0/.test(name) ? 'convolution' : 'normalization';
  const [, stage, block, layer, rest] = /^layer(\d)\.(\d+)\.(?:downsample\.\d|\w+(\d))\.(\w+)$/.exec(name) ?? [];
  if (!stage) return `resnet.embedder.embedder.${kind}.${name.split('.')[1]}`;
  const place = layer ? `layer.${Number(layer) - 1}` : 'shortcut';
  return `resnet.encoder.stages.${Number(stage) - 1}.layers.${block}.${place}.${kind}.${rest}`;
}

/** Names of the teacher beside a student whose names begin with the prefix. */
const TEACHERS = {
  'student.': 'teacher.',
  'module.encoder_q.': 'module.encoder_k.',
  'backbone.': 'backbone_momentum.',
} as const;
const merged = (files: readonly Backbone[]): Map<string, StoredTensor> =>
  new Map(files.flatMap(({ tensors }) => [...tensors]));

describe('matches', () => {
  it.each([
    ...['', 'module.', 'backbone.', 'module.encoder_q.', 'module.encoder_k.', 'model.backbone.', '_orig_mod.'],
    ...['module._orig_mod.encoder.', 'teacher.backbone.', 'student.module.backbone.', 'state_dict.online_encoder.net.'],
  ])('names that begin with "%s"', (prefix) => {
    expectWhole(RESNET18, (name) => prefix + name);
  });

  it.each([RESNET18, RESNET50])('Hugging Face’s names: $arch', (config) => {
    expectWhole(config, huggingFace);
    expectWhole(config, (name) => huggingFace(name).replace('resnet.', ''));
  });

  it.each(['', 'backbone.'])('a Sequential of its layers: "%s"', (prefix) => {
    const children = ['conv1', 'bn1', 'relu', 'maxpool', 'layer1', 'layer2', 'layer3', 'layer4'];
    expectWhole(RESNET50, (name) => {
      const [child, ...rest] = name.split('.');
      return prefix + [children.indexOf(child), ...rest].join('.');
    });
  });

  it.each(Object.entries(TEACHERS))('the teacher beside "%s": "%s"', (prefix, teachers) => {
    const student = encoderFile(RESNET18, (name) => prefix + name);
    const teacher = encoderFile(RESNET18, (name) => teachers + name);
    for (const files of [
      [student, teacher],
      [teacher, student],
    ]) {
      const { matched, unused } = matchBackbone({ tensors: merged(files) }, RESNET18);
      expect(matched.get('conv1.weight')).toBe(teacher.tensors.get(`${teachers}conv1.weight`));
      expect(unused).toContain(`${prefix}conv1.weight`);
    }
  });

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
    const { tensors } = encoderFile(RESNET18, (name) => (name === 'bn1.weight' ? undefined : name));
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
      encoderFile(RESNET18, (name) => (name.includes('num_') ? undefined : name)),
      RESNET18,
    );
    expect(match.missing).toEqual([]);
    const { tensors } = startFromBackbone(match, RESNET18);
    expect(tensors.get('encoder_k.bn1.num_batches_tracked')).toMatchObject({
      dtype: 'I64',
      data: BigInt64Array.of(0n),
    });
  });

  it.each([2, 3])('the first %i stages of a whole encoder', (stages) => {
    const cut = makeConfig(RESNET18, { stages, outputStride: 8 });
    const match = matchBackbone(encoderFile(RESNET18), cut);
    expect(match.missing).toEqual([]);
    const left = [...encoderFile(RESNET18).tensors.keys()].filter(
      (name) => Number(/^layer(\d)/.exec(name)?.[1]) > stages,
    );
    expect(match.unused).toEqual(left);
    expect(match.advice).toBeUndefined();
    expect(startFromBackbone(match, cut).tensors.has(`encoder_q.layer${stages}.1.conv2.weight`)).toBe(true);
  });
});

describe('startFromBackbone', () => {
  const match = matchBackbone(
    encoderFile(RESNET18, (name) => (name === 'bn1.bias' ? undefined : name)),
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
