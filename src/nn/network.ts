import type { Ops, Tensor } from '../ops/ops.ts';

/** How a network gets at its parameters and its BatchNorms while it runs. */
export interface NetworkContext {
  readonly ops: Ops;
  parameter(name: string): Tensor;
  /** BatchNorm by name; what statistics it uses is the caller's business. */
  norm(name: string, x: Tensor): Tensor;
}
