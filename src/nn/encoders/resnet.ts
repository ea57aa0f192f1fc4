import { stageShapes, type EncoderSettings } from '../../config/cost.ts';
import type { Tensor } from '../../ops/tensor.ts';
import type { NetworkContext } from '../network.ts';
import { normParameters, type NetworkSpec, type NormSpec, type ParameterSpec } from '../params.ts';

interface Block {
  /** `layer1.0` */
  readonly name: string;
  readonly kind: 'basic' | 'bottleneck';
  readonly cin: number;
  readonly mid: number;
  readonly cout: number;
  readonly stride: number;
  readonly dilation: number;
  readonly downsample: boolean;
}

export interface ResNet {
  readonly spec: NetworkSpec;
  readonly outChannels: number;
  /** Rows and columns of the last map for an image of that size. */
  outputSize(height: number, width: number): readonly [number, number];
  /** [N,H,W,3] → [N,h,w,outChannels] */
  forward(context: NetworkContext, images: Tensor): Tensor;
}

/** He et al. 2016 as torchvision lays it out; layer names are torchvision's. */
export function createResNet(config: EncoderSettings): ResNet {
  const base = 64 * config.width;
  const blocks = planBlocks(config, base);
  const outChannels = blocks[blocks.length - 1].cout;
  return {
    spec: specify(base, blocks),
    outChannels,
    outputSize: (height, width) => {
      const through = (size: number): number =>
        // Stem and pool halve, rounding up; so does every strided block.
        blocks.reduce((cells, block) => Math.ceil(cells / block.stride), Math.ceil(Math.ceil(size / 2) / 2));
      return [through(height), through(width)];
    },
    forward: (context, images) => {
      const stem = images.conv2d(context.parameter('conv1.weight'), { stride: 2, padding: 3, dilation: 1 });
      const pooled = context.norm('bn1', stem).relu().maxPool();
      return blocks.reduce((x, block) => runBlock(context, block, x), pooled);
    },
  };
}

function planBlocks(config: EncoderSettings, base: number): Block[] {
  const kind = config.arch.startsWith('resnet50') ? 'bottleneck' : 'basic';
  const blocks: Block[] = [];
  let cin = base;
  for (const [stage, shape] of stageShapes(config).entries()) {
    // The published _16s dilates every 3×3 of the last stage, the first block's too; BasicBlock ignores dilation.
    const dilation = config.arch.endsWith('_16s') && stage === 3 && kind === 'bottleneck' ? 2 : 1;
    const { inner: mid, outer: cout } = shape;
    for (let index = 0; index < shape.blocks; index++) {
      const stride = index === 0 ? shape.stride : 1;
      const downsample = stride !== 1 || cin !== cout;
      blocks.push({ name: `layer${stage + 1}.${index}`, kind, cin, mid, cout, stride, dilation, downsample });
      cin = cout;
    }
  }
  return blocks;
}

function specify(base: number, blocks: readonly Block[]): NetworkSpec {
  const parameters: ParameterSpec[] = [];
  const norms: NormSpec[] = [];
  const conv = (name: string, size: number, cin: number, cout: number): void => {
    const std = Math.sqrt(2 / (size * size * cout));
    parameters.push({ name, shape: [size, size, cin, cout], layout: 'conv', init: { kind: 'normal', std } });
  };
  const norm = (name: string, channels: number, weight = 1): void => {
    parameters.push(...normParameters(name, channels, weight));
    norms.push({ name, channels });
  };
  conv('conv1.weight', 7, 3, base);
  norm('bn1', base);
  for (const { name, kind, cin, mid, cout, downsample } of blocks) {
    // The last BatchNorm of a block starts at 0, so that the block starts as the identity.
    if (kind === 'basic') {
      conv(`${name}.conv1.weight`, 3, cin, mid);
      norm(`${name}.bn1`, mid);
      conv(`${name}.conv2.weight`, 3, mid, cout);
      norm(`${name}.bn2`, cout, 0);
    } else {
      conv(`${name}.conv1.weight`, 1, cin, mid);
      norm(`${name}.bn1`, mid);
      conv(`${name}.conv2.weight`, 3, mid, mid);
      norm(`${name}.bn2`, mid);
      conv(`${name}.conv3.weight`, 1, mid, cout);
      norm(`${name}.bn3`, cout, 0);
    }
    if (downsample) {
      conv(`${name}.downsample.0.weight`, 1, cin, cout);
      norm(`${name}.downsample.1`, cout);
    }
  }
  return { parameters, norms };
}

function runBlock(context: NetworkContext, block: Block, x: Tensor): Tensor {
  const { name, stride, dilation } = block;
  const convNorm = (index: number, input: Tensor, size: 1 | 3, stepSize = 1, spread = 1): Tensor => {
    const options = { stride: stepSize, padding: size === 1 ? 0 : spread, dilation: spread };
    const mapped = input.conv2d(context.parameter(`${name}.conv${index}.weight`), options);
    return context.norm(`${name}.bn${index}`, mapped);
  };
  const residual =
    block.kind === 'basic'
      ? convNorm(2, convNorm(1, x, 3, stride).relu(), 3)
      : convNorm(3, convNorm(2, convNorm(1, x, 1).relu(), 3, stride, dilation).relu(), 1);
  if (!block.downsample) return residual.add(x).relu();
  const kernel = context.parameter(`${name}.downsample.0.weight`);
  const shortcut = context.norm(`${name}.downsample.1`, x.conv2d(kernel, { stride, padding: 0, dilation: 1 }));
  return residual.add(shortcut).relu();
}
