import type { Tensor } from '../ops/tensor.ts';

/** What a network computes with while it runs: its parameters and BatchNorms by name. */
export interface NetworkContext {
  parameter(name: string): Tensor;
  /** BatchNorm over all but the last axis; the context decides by which statistics. */
  norm(name: string, x: Tensor): Tensor;
}
