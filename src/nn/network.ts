import type { Tensor } from '../ops/tensor.ts';

/** Parameters and BatchNorms of a network by name, for its forward pass. */
export interface NetworkContext {
  parameter(name: string): Tensor;
  /** BatchNorm over all but the last axis, by the statistics that the context chooses. */
  norm(name: string, x: Tensor): Tensor;
}
