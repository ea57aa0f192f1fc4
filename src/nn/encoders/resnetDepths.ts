export type BlockKind = 'basic' | 'bottleneck';
export type Depth = 'resnet18' | 'resnet34' | 'resnet50';

/** Blocks per stage of each depth. */
export const DEPTHS: Readonly<Record<Depth, { readonly kind: BlockKind; readonly blocks: readonly number[] }>> = {
  resnet18: { kind: 'basic', blocks: [2, 2, 2, 2] },
  resnet34: { kind: 'basic', blocks: [3, 4, 6, 3] },
  resnet50: { kind: 'bottleneck', blocks: [3, 4, 6, 3] },
};

/** Channels of the first convolution and of the first stage's blocks, at width 1. */
export const STEM_CHANNELS = 64;
