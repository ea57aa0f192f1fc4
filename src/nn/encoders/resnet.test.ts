import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../lib/shape.ts';
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
