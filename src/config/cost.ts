import type { Config } from './fields.ts';

/** Settings that determine the encoder's shape. */
export type EncoderSettings = Pick<Config, 'arch' | 'width' | 'stages' | 'blocksPerStage' | 'outputStride'>;

const BLOCKS: Readonly<Record<number, readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] };
const STEM_STRIDE = 4;

interface StageShape {
  readonly stride: 1 | 2;
  readonly blocks: number;
  /** Channels of the 3×3 convolutions, and of the stage's output. */
  readonly inner: number;
  readonly outer: number;
}

/** The kept stages of the encoder, in order. */
export function stageShapes(encoder: EncoderSettings): StageShape[] {
  const depth = Number(/\d+/.exec(encoder.arch)?.[0]);
  const maxStride = encoder.arch.endsWith('_16s') ? Math.min(16, encoder.outputStride) : encoder.outputStride;
  let stride = STEM_STRIDE;
  return BLOCKS[depth].slice(0, encoder.stages).map((blocks, stage) => {
    const downsamples = stage > 0 && stride * 2 <= maxStride;
    if (downsamples) stride *= 2;
    const inner = 64 * encoder.width * 2 ** stage;
    const outer = depth >= 50 ? inner * 4 : inner;
    return { stride: downsamples ? 2 : 1, blocks: encoder.blocksPerStage || blocks, inner, outer };
  });
}

/** Side of the square feature map for a square input: every stride of 2 rounds up. */
export function featureCells(encoder: EncoderSettings, inputSize: number): number {
  const halve = (cells: number): number => Math.ceil(cells / 2);
  return stageShapes(encoder).reduce(
    (cells, { stride }) => (stride === 2 ? halve(cells) : cells),
    halve(halve(inputSize)),
  );
}

/**
 * Floating-point operations of one training step in GFLOP: two for every multiply-add of convolutions, projector and
 * cosines; the backward pass counts as two forward passes of the student, the teacher runs forward only.
 */
export function stepGflop(config: Config): number {
  const passes = 2 * (3 + 1); // views × (student forward and backward + teacher forward)
  const cells = featureCells(config, config.cropSize) ** 2;
  const stages = stageShapes(config);
  const { hiddenDim, outDim, prototypes } = config;
  const channels = stages[stages.length - 1].outer;
  const projector = cells * (channels * hiddenDim + hiddenDim ** 2 + hiddenDim * outDim);
  const grouping = 2 * cells * outDim * prototypes; // cosines and slots
  return (passes * config.batchSize * 2 * (encoderMultiplies(stages, config) + projector + grouping)) / 1e9;
}

/** Multiply-adds of the encoder per image. */
function encoderMultiplies(stages: readonly StageShape[], { arch, width, cropSize }: Config): number {
  let side = Math.ceil(cropSize / 2);
  let channels = 64 * width;
  let sum = side ** 2 * 7 * 7 * 3 * channels;
  side = Math.ceil(side / 2);
  for (const { stride, blocks, inner, outer } of stages) {
    for (let block = 0; block < blocks; block++) {
      const before = side ** 2;
      if (block === 0 && stride === 2) side = Math.ceil(side / 2);
      const after = side ** 2;
      // Bottleneck: 1×1 at the old resolution, then the 3×3 that carries the stride, then 1×1. Basic: two 3×3.
      sum += arch.startsWith('resnet50')
        ? before * channels * inner + after * (9 * inner * inner + inner * outer)
        : after * (9 * channels * inner + 9 * inner * inner);
      if (block === 0 && (stride === 2 || channels !== outer)) sum += after * channels * outer;
      channels = outer;
    }
  }
  return sum;
}
