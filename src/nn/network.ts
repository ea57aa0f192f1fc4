import type { Ops, Tensor } from '../ops/ops.ts';

/** What encoder and heads are made of: all that is needed to run them, or to write them down in another form. */
export type NetworkOps = Pick<Ops, 'add' | 'relu' | 'gelu' | 'matMul' | 'conv2d' | 'maxPool'>;

/** How a network gets at its parameters and its BatchNorms while it runs. */
export interface NetworkContext {
  readonly ops: NetworkOps;
  parameter(name: string): Tensor;
  /** BatchNorm by name; what statistics it uses is the caller's business. */
  norm(name: string, x: Tensor): Tensor;
}
