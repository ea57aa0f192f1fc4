import type { EncoderGuess, ShapeOf } from './encoder.ts';
import { DEPTHS, STEM_CHANNELS, type BlockKind, type Depth } from './resnetDepths.ts';

/** Depths by name that can't be created here, for messages. */
const OTHER_DEPTHS = {
  resnet26: { kind: 'bottleneck', blocks: [2, 2, 2, 2] },
  resnet101: { kind: 'bottleneck', blocks: [3, 4, 23, 3] },
  resnet152: { kind: 'bottleneck', blocks: [3, 8, 36, 3] },
  resnet200: { kind: 'bottleneck', blocks: [3, 24, 36, 3] },
} as const;

interface Stages {
  readonly kind: BlockKind;
  /** Blocks per stage. An encoder may have been cut after an early stage. */
  readonly blocks: readonly number[];
}

/** Recognizes a ResNet by the shapes of its tensors: its depth, its width, and how it differs from those here. */
export function guessResNet(shapeOf: ShapeOf): EncoderGuess | undefined {
  const stem = shapeOf('conv1.weight');
  const first = shapeOf('layer1.0.conv1.weight');
  if (stem?.length !== 4 || first?.length !== 4) return undefined;
  const stages = stagesOf(shapeOf);
  const depth = depthOf(stages, DEPTHS);
  const name = depth ?? depthOf(stages, OTHER_DEPTHS);
  const out = stages.kind === 'basic' ? first[0] : (shapeOf('layer1.0.conv3.weight')?.[0] ?? 0) / 4;
  const width = out / STEM_CHANNELS;
  const count = stages.blocks.length;
  const variant = variantOf(shapeOf, name ?? 'resnet', out);
  if (variant !== undefined)
    return { arch: undefined, width, stages: count, description: variant, alternative: alternativeTo(stages) };
  const [each] = stages.blocks;
  if (name === undefined && stages.blocks.every((count) => count === each)) {
    const description = `a ResNet of width ${width} with ${each} ${each === 1 ? 'block' : 'blocks'} per stage`;
    return {
      arch: stages.kind === 'basic' ? 'resnet18' : 'resnet50',
      width,
      blocksPerStage: each,
      stages: count,
      description,
    };
  }
  const plan = `a ResNet with ${stages.blocks.join('-')} blocks per stage`;
  if (depth === undefined) {
    const held = name === undefined ? plan : `${name} (${stages.blocks.join('-')} blocks per stage)`;
    const description = `${held}, which is none of ${Object.keys(DEPTHS).join(', ')}`;
    return { arch: undefined, width, stages: count, description, alternative: alternativeTo(stages) };
  }
  const [, channels, height, across] = stem;
  const other =
    channels === 3 && height === 7 && across === 7
      ? ''
      : `, whose first convolution is ${height}×${across} on ${channels} channels; the one here is 7×7 on 3 and starts fresh`;
  return { arch: depth, width, stages: count, description: `${depth} of width ${width}${other}` };
}

function stagesOf(shapeOf: ShapeOf): Stages {
  const counts = [1, 2, 3, 4].map((stage) => {
    let count = 0;
    while (shapeOf(`layer${stage}.${count}.conv1.weight`) !== undefined) count++;
    return count;
  });
  return {
    kind: shapeOf('layer1.0.conv3.weight') === undefined ? 'basic' : 'bottleneck',
    blocks: counts.filter((count) => count > 0),
  };
}

function depthOf<Name extends string>(found: Stages, depths: Readonly<Record<Name, Stages>>): Name | undefined {
  return (Object.keys(depths) as Name[]).find((name) => {
    const { kind, blocks } = depths[name];
    return kind === found.kind && found.blocks.every((count, at) => count === blocks[at]);
  });
}

/** Describes a ResNet of another kind; `out` is the number of channels that a plain bottleneck of the first stage has inside. */
function variantOf(shapeOf: ShapeOf, name: string, out: number): string | undefined {
  const [inside = 0] = shapeOf('layer1.0.conv1.weight') ?? [];
  const [middle = 0, perGroup = 0] = shapeOf('layer1.0.conv2.weight') ?? [];
  const depth = name.replace('resnet', '');
  const isBottleneck = shapeOf('layer1.0.conv3.weight') !== undefined;
  if (shapeOf('conv2.weight') !== undefined) {
    return `${name} with a stem of three convolutions, as CLIP has it, where the encoders here have one`;
  }
  if (shapeOf('layer1.0.se.fc1.weight') !== undefined) {
    return `a squeeze-and-excitation network (se${name}), which has layers that the encoders here lack`;
  }
  if (isBottleneck && perGroup > 0 && perGroup < middle) {
    return `resnext${depth}_${middle / perGroup}x${perGroup}d, whose convolutions are grouped, and those of the encoders here are not`;
  }
  if (isBottleneck && inside > out) {
    return `wide_${name}_${inside / out}, whose blocks are ${inside / out} times as wide inside as those of the encoders here`;
  }
  return undefined;
}

const alternativeTo = ({ kind }: Stages): Depth => (kind === 'basic' ? 'resnet34' : 'resnet50');
