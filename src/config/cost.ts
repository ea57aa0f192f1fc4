import { createEncoder } from '../nn/encoders/encoders.ts';
import { stepImages } from './batchSize.ts';
import type { Config } from './fields.ts';

/**
 * Floating-point operations of one training step in GFLOP: two for every multiply-add of convolutions, projector and
 * cosines; the backward pass counts as two forward passes of the student, the teacher runs forward only.
 */
export function stepGflop(config: Config): number {
  const passes = 2 * (3 + 1); // views × (student forward and backward + teacher forward)
  const { cropSize, hiddenDim, outDim, prototypes } = config;
  const encoder = createEncoder(config);
  const [rows, columns] = encoder.outputSize(cropSize, cropSize);
  const cells = rows * columns;
  const projector = cells * (encoder.outChannels * hiddenDim + hiddenDim ** 2 + hiddenDim * outDim);
  const grouping = 2 * cells * outDim * prototypes; // cosines and slots
  return (passes * stepImages(config) * 2 * (encoder.multiplyAdds(cropSize) + projector + grouping)) / 1e9;
}
