import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { defined } from '../lib/defined.ts';
import { sizeOf } from '../lib/shape.ts';
import { encoderFile } from '../testing/checkpoints.ts';
import { matchBackbone, startFromBackbone, type Backbone } from './backbone.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';

const SETTINGS = { width: 1 / 16, hiddenDim: 24, outDim: 16, prototypes: 5 };
const RESNET18 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet18' });
const RESNET50 = makeConfig(DEFAULT_CONFIG, { ...SETTINGS, arch: 'resnet50' });

const ENCODER_TENSORS = 20 + 20 * 5;

describe('advises', () => {
  const shaped = (shapes: Record<string, number[]>): Backbone => ({
    tensors: new Map(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { dtype: 'F32', shape, data: new Float32Array(sizeOf(shape)) },
      ]),
    ),
  });
  const adviceOf = (file: Backbone, config: Config) => matchBackbone(file, config).advice;

  it('the architecture and the width of the file, keeping a dilated last stage', () => {
    const narrow = { sentence: 'The file looks like resnet50 of width 0.0625.' };
    expect(adviceOf(encoderFile(RESNET50), RESNET18)).toEqual({
      ...narrow,
      settings: { arch: 'resnet50', width: 1 / 16 },
    });
    const dilated = makeConfig(RESNET18, { arch: 'resnet18_16s' });
    expect(adviceOf(encoderFile(RESNET50), dilated)?.settings).toEqual({ arch: 'resnet50_16s', width: 1 / 16 });
  });

  it('also where nothing fits; a run can not start from it', () => {
    const wider = encoderFile(makeConfig(RESNET50, { width: 1 / 8 }));
    const match = matchBackbone(wider, RESNET18);
    expect(match.matched.size).toBe(0);
    expect(match.missing).toHaveLength(20 + 20 * 4);
    expect(match.advice?.settings).toEqual({ arch: 'resnet50', width: 1 / 8 });
    expect(() => startFromBackbone(match, RESNET18)).toThrow(
      /No convolution.*"conv1.weight" is 8×3×7×7 in the file, 4×3×7×7 expected.*looks like resnet50 of width 0.125/,
    );
  });

  it('the blocks per stage where those of no architecture are equal', () => {
    const flat = encoderFile(makeConfig(RESNET50, { blocksPerStage: 1 }));
    expect(adviceOf(flat, RESNET18)).toEqual({
      sentence: 'The file looks like a ResNet of width 0.0625 with 1 block per stage.',
      settings: { arch: 'resnet50', width: 1 / 16, blocksPerStage: 1 },
    });
  });

  it('that the architecture is unknown', () => {
    const { tensors } = encoderFile(RESNET50);
    const deeper = new Map(tensors).set('layer3.6.conv1.weight', defined(tensors.get('layer3.5.conv1.weight')));
    expect(adviceOf({ tensors: deeper }, RESNET50)).toEqual({
      sentence:
        'The file looks like a ResNet with 3-4-7-3 blocks per stage, which is none of resnet18, resnet34, resnet50: take a resnet50.',
    });
  });

  it('that a first convolution of another kind starts fresh', () => {
    const small: StoredTensor = { dtype: 'F32', shape: [4, 3, 3, 3], data: new Float32Array(108) };
    const match = matchBackbone(
      { tensors: new Map(encoderFile(RESNET18).tensors).set('conv1.weight', small) },
      RESNET50,
    );
    expect(match.advice?.sentence).toMatch(/resnet18 of width 0.0625, whose first convolution is 3×3 on 3 channels/);
  });

  it.each<[string, Backbone, RegExp]>([
    ['nothing', shaped({}), /no others.*torchvision or timm/],
    ['a ViT', shaped({ 'patch_embed.proj.weight': [1] }), /1 others, such as "patch_embed.*Vision Transformer.*take a/],
    ['another network', shaped({ 'up.weight': [1], 'down.weight': [1] }), /2 others.*torchvision or timm/],
  ])('in refusing %s', (_, file, message) => {
    expect(() => matchBackbone(file, RESNET18)).toThrow(message);
  });
});

describe('converts', () => {
  const half = (value: number): StoredTensor['data'] => new Uint8Array(Uint16Array.of(value).buffer);

  it('half precision and counts as floats, as a whole state_dict in .half() has them', () => {
    const { tensors } = encoderFile(RESNET18, (name) => `model.${name}`);
    const halved = new Map(
      [...tensors].map(([name, { shape }]): [string, StoredTensor] => {
        const ones = new Uint8Array(Uint16Array.from({ length: sizeOf(shape) }, () => 0x3c00).buffer);
        return [name, { dtype: 'F16', shape, data: ones }];
      }),
    );
    const { matched, missing } = matchBackbone({ tensors: halved }, RESNET18);
    expect([matched.size, missing]).toEqual([ENCODER_TENSORS, []]);
    expect(matched.get('bn1.bias')).toEqual({ dtype: 'F32', shape: [4], data: new Float32Array(4).fill(1) });
    expect(matched.get('bn1.num_batches_tracked')).toEqual({ dtype: 'I64', shape: [], data: BigInt64Array.of(1n) });
    expect(startFromBackbone(matchBackbone({ tensors: halved }, RESNET18), RESNET18).tensors.size).toBeGreaterThan(0);
  });

  it('all but what it can’t: a count beyond halves starts at 0, whole numbers are no weights', () => {
    const changed = new Map(encoderFile(RESNET18).tensors)
      .set('bn1.num_batches_tracked', { dtype: 'F16', shape: [], data: half(0x7c00) } as StoredTensor)
      .set('bn1.bias', { dtype: 'I32', shape: [4], data: new Int32Array(4) });
    const { matched, missing } = matchBackbone({ tensors: changed }, RESNET18);
    expect(matched.has('bn1.num_batches_tracked')).toBe(false);
    expect(missing).toEqual([{ name: 'bn1.bias', why: 'stored as I32, and floats are expected' }]);
  });

  it('no value that is not finite', () => {
    const { matched, ...match } = matchBackbone(encoderFile(RESNET18), RESNET18);
    const broken = new Map(matched).set('bn1.bias', { dtype: 'F32', shape: [4], data: Float32Array.of(0, 0, NaN, 0) });
    expect(() => startFromBackbone({ ...match, matched: broken }, RESNET18)).toThrow(
      /bn1.bias" holds NaN at position 2/,
    );
  });
});
