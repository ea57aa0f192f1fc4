import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { sizeOf } from '../../lib/shape.ts';
import { adviseEncoder } from './advice.ts';
import type { EncoderSettings } from './encoder.ts';
import { createEncoder, guessEncoder } from './encoders.ts';
import { torchShape } from '../params.ts';

const resnet50: EncoderSettings = { arch: 'resnet50', width: 1, stages: 4, blocksPerStage: 0, outputStride: 32 };
const cells = (settings: EncoderSettings, size: number): number => createEncoder(settings).outputSize(size, size)[0];

describe('ResNet', () => {
  it('has the convolutions and channels of torchvision’s', () => {
    const { spec, outChannels } = createEncoder(resnet50);
    const convolutions = spec.parameters.filter(({ layout }) => layout === 'conv');
    expect(convolutions).toHaveLength(53);
    expect(outChannels).toBe(2048);
    // 23.5 million parameters without the classifier (torchvision).
    const weights = spec.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(weights).toBe(23_508_032);
  });

  it('counts 4.09 billion multiply-adds per image of 224 px, as published without the classifier', () => {
    expect(createEncoder(resnet50).multiplyAdds(224) / 1e9).toBeCloseTo(4.09, 2);
  });

  it('keeps to the output stride and rounds odd sizes up', () => {
    expect(cells(resnet50, 224)).toBe(7);
    expect(cells({ ...resnet50, arch: 'resnet50_16s' }, 224)).toBe(14);
    expect(cells({ ...resnet50, stages: 3, outputStride: 8 }, 64)).toBe(8);
    expect(cells({ ...resnet50, outputStride: 4 }, 65)).toBe(17);
    expect(cells(resnet50, 33)).toBe(2);
  });

  it.each(['resnet18', 'resnet34', 'resnet50'] as const)('recognizes %s by its tensors, whole or cut', (arch) => {
    for (const stages of [2, 4]) {
      const { spec } = createEncoder({ ...resnet50, arch, stages, width: 0.5 });
      const shapes = new Map(spec.parameters.map(({ name, layout, shape }) => [name, torchShape(layout, shape)]));
      const guess = guessEncoder((name) => shapes.get(name));
      // The depths differ from the first stage on.
      expect(guess).toMatchObject({ arch, width: 0.5 });
    }
    expect(guessEncoder(() => undefined)).toBeUndefined();
  });
});

describe('names encoders that are none here', () => {
  const stem = { 'conv1.weight': [64, 3, 7, 7] };
  const bottleneck = (inside: number, perGroup: number) => ({
    ...stem,
    'layer1.0.conv1.weight': [inside, 64, 1, 1],
    'layer1.0.conv2.weight': [inside, perGroup, 3, 3],
    'layer1.0.conv3.weight': [256, inside, 1, 1],
  });
  /** The first stage's shapes, with the blocks of a depth. */
  const adviceOn = (shapes: Record<string, number[]>, blocks: readonly number[] = [3, 4, 6, 3]): string | undefined => {
    const counted = blocks.flatMap((count, stage) =>
      Array.from({ length: count }, (_, block) => [`layer${stage + 1}.${block}.conv1.weight`, [64, 64, 1, 1]] as const),
    );
    const all = new Map<string, readonly number[]>([...counted, ...Object.entries(shapes)]);
    return adviseEncoder(makeConfig(DEFAULT_CONFIG, {}), all.keys(), (name) => all.get(name))?.sentence;
  };

  it.each<[string, string | undefined, RegExp]>([
    ['wide', adviceOn(bottleneck(128, 128)), /like wide_resnet50_2, whose blocks are 2 times.*: take a resnet50\.$/],
    ['wide and deep', adviceOn(bottleneck(128, 128), [3, 4, 23, 3]), /like wide_resnet101_2, /],
    [
      'grouped',
      adviceOn(bottleneck(128, 4)),
      /like resnext50_32x4d, whose convolutions are grouped.*: take a resnet50/,
    ],
    ['grouped and deep', adviceOn(bottleneck(256, 8), [3, 4, 23, 3]), /like resnext101_32x8d, /],
    ['deep', adviceOn(bottleneck(64, 64), [3, 4, 23, 3]), /like resnet101 \(3-4-23-3 blocks.*: take a resnet50\.$/],
    ['deepest', adviceOn(bottleneck(64, 64), [3, 8, 36, 3]), /like resnet152/],
    ['squeezing', adviceOn({ ...bottleneck(64, 64), 'layer1.0.se.fc1.weight': [16, 256, 1, 1] }), /seresnet50/],
    ['CLIP’s', adviceOn({ ...bottleneck(64, 64), 'conv2.weight': [32, 32, 3, 3] }), /stem of three convolutions/],
  ])('%s', (_, sentence, expected) => {
    expect(sentence).toMatch(expected);
  });

  it.each([
    ['blocks.0.attn.qkv.weight patch_embed.proj.weight', 'Vision Transformer'],
    ['vit.embeddings.patch_embeddings.projection.weight', 'Vision Transformer'],
    ['conv_proj.weight encoder.layers.encoder_layer_0.ln_1.weight', 'Vision Transformer'],
    ['patch_embed.proj.weight layers.0.blocks.0.attn.relative_position_bias_table', 'Swin'],
    ['features.1.0.attn.relative_position_bias_table', 'Swin'],
    ['stages.0.0.dwconv.weight', 'ConvNeXt'],
    ['stages.0.blocks.0.conv_dw.weight', 'ConvNeXt'],
    ['convnext.encoder.stages.0.layers.0.dwconv.weight', 'ConvNeXt'],
    ['features.1.0.layer_scale', 'ConvNeXt'],
    ['module.conv1.0.weight layer1.0.conv1.weight', 'three convolutions'],
    ['features.denseblock1.denselayer1.norm1.weight', 'DenseNet'],
    ['features.0.weight classifier.0.weight', 'VGG'],
    ['conv_stem.weight blocks.0.0.conv_dw.weight', 'EfficientNet'],
    ['trunk_output.block1.block1-0.f.a.0.weight', 'RegNet'],
  ])('%s', (names, family) => {
    const advice = adviseEncoder(makeConfig(DEFAULT_CONFIG, {}), names.split(' '), () => undefined);
    expect(advice?.sentence).toContain(family);
    expect(advice?.sentence).toContain('encoders here are ResNets: take a resnet18');
  });
});
