import type { Config } from '../../config/fields.ts';
import type { Tensor } from '../../ops/tensor.ts';
import type { NetworkContext } from '../network.ts';
import { normParameters, type NetworkSpec, type NormSpec, type ParameterSpec } from '../params.ts';
import type { Encoder, EncoderFamily, EncoderSettings } from './encoder.ts';
import { DEPTHS, STEM_CHANNELS, type BlockKind, type Depth } from './resnetDepths.ts';
import { guessResNet } from './guessResNet.ts';

const STEM_STRIDE = 4;

interface Block {
  /** `layer1.0` */
  readonly name: string;
  readonly kind: BlockKind;
  readonly cin: number;
  readonly mid: number;
  readonly cout: number;
  readonly stride: number;
  readonly dilation: number;
  readonly downsample: boolean;
}

/** He et al. 2016 as torchvision lays it out; layer names are torchvision's. */
export const resnet: EncoderFamily = { create: createResNet, guess: guessResNet, detectron2Name };

function createResNet(settings: EncoderSettings): Encoder {
  const base = STEM_CHANNELS * settings.width;
  const blocks = planBlocks(settings, base);
  // Stem and pool halve, rounding up; so does every strided block.
  const outputSide = (side: number): number =>
    blocks.reduce((cells, { stride }) => Math.ceil(cells / stride), halved(halved(side)));
  return {
    spec: specify(base, blocks),
    outChannels: blocks[blocks.length - 1].cout,
    outputSize: (height, width) => [outputSide(height), outputSide(width)],
    multiplyAdds: (size) => countMultiplyAdds(base, blocks, size),
    forward: (context, images) => {
      const stem = images.conv2d(context.parameter('conv1.weight'), { stride: 2, padding: 3, dilation: 1 });
      const pooled = context.norm('bn1', stem).relu().maxPool();
      return blocks.reduce((x, block) => runBlock(context, block, x), pooled);
    },
  };
}

const halved = (side: number): number => Math.ceil(side / 2);

const depthOf = (arch: Config['arch']): Depth => arch.replace('_16s', '') as Depth;

/** The blocks of the kept stages, in order. */
function planBlocks({ arch, width, stages, blocksPerStage, outputStride }: EncoderSettings, base: number): Block[] {
  const { kind, blocks: depths } = DEPTHS[depthOf(arch)];
  const dilated = arch.endsWith('_16s');
  const maxStride = dilated ? Math.min(16, outputStride) : outputStride;
  const blocks: Block[] = [];
  let cin = base;
  let total = STEM_STRIDE;
  for (const [stage, depth] of depths.slice(0, stages).entries()) {
    const stageStride = stage > 0 && total * 2 <= maxStride ? 2 : 1;
    total *= stageStride;
    const mid = STEM_CHANNELS * width * 2 ** stage;
    const cout = kind === 'bottleneck' ? mid * 4 : mid;
    // The published _16s dilates every 3×3 of the last stage, the first block's too; BasicBlock ignores dilation.
    const dilation = dilated && stage === 3 && kind === 'bottleneck' ? 2 : 1;
    for (let index = 0; index < (blocksPerStage || depth); index++) {
      const stride = index === 0 ? stageStride : 1;
      const downsample = stride !== 1 || cin !== cout;
      blocks.push({ name: `layer${stage + 1}.${index}`, kind, cin, mid, cout, stride, dilation, downsample });
      cin = cout;
    }
  }
  return blocks;
}

function countMultiplyAdds(base: number, blocks: readonly Block[], size: number): number {
  let side = halved(size);
  let sum = side ** 2 * 7 * 7 * 3 * base;
  side = halved(side);
  for (const { kind, cin, mid, cout, stride, downsample } of blocks) {
    const before = side ** 2;
    side = Math.ceil(side / stride);
    const after = side ** 2;
    // Bottleneck: 1×1 at the input resolution, then the 3×3 that carries the stride, then 1×1. Basic: two 3×3.
    sum +=
      kind === 'bottleneck'
        ? before * cin * mid + after * (9 * mid * mid + mid * cout)
        : after * (9 * cin * mid + 9 * mid * cout);
    if (downsample) sum += after * cin * cout;
  }
  return sum;
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

/** `layer1.0.bn1.weight` → `res2.0.conv1.norm.weight` */
function detectron2Name(name: string): string {
  const staged = name.startsWith('layer')
    ? name.replace(/^layer(\d)/, (_, stage: string) => `res${Number(stage) + 1}`)
    : `stem.${name}`;
  return staged
    .replace(/\bbn(\d)/, 'conv$1.norm')
    .replace('downsample.0', 'shortcut')
    .replace('downsample.1', 'shortcut.norm');
}
