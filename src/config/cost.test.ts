import { describe, expect, it } from 'vitest';
import { featureCells, stageShapes } from './cost.ts';

const resnet50 = { arch: 'resnet50', width: 1, stages: 4, blocksPerStage: 0, outputStride: 32 } as const;

describe('encoder geometry', () => {
  it('has the channels, blocks and strides of the architecture', () => {
    expect(stageShapes(resnet50)).toEqual([
      { stride: 1, blocks: 3, inner: 64, outer: 256 },
      { stride: 2, blocks: 4, inner: 128, outer: 512 },
      { stride: 2, blocks: 6, inner: 256, outer: 1024 },
      { stride: 2, blocks: 3, inner: 512, outer: 2048 },
    ]);
    expect(featureCells(resnet50, 224)).toBe(7);
    expect(featureCells({ ...resnet50, arch: 'resnet50_16s' }, 224)).toBe(14);
  });

  it('keeps to the output stride and rounds odd sizes up', () => {
    expect(featureCells({ ...resnet50, stages: 3, outputStride: 8 }, 64)).toBe(8);
    expect(featureCells({ ...resnet50, outputStride: 4 }, 65)).toBe(17);
    expect(featureCells(resnet50, 33)).toBe(2);
  });
});
