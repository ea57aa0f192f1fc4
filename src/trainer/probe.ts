import type { Tensor, Variable } from '../ops/ops.ts';

/** For parity: a look into a step. It holds for every call of the step's body, so it gathers nothing itself. */
export interface Probe {
  /** Hands on the intermediate of that name, or something equal in its place. */
  pass(name: string, tensor: Tensor): Tensor;
  /** Variables whose gradients are wanted besides the parameters'. */
  readonly watched: readonly Variable[];
}

/** Sees an intermediate by name; what it returns takes its place. */
export type Observe = (name: string, tensor: Tensor) => Tensor;

/** Gathers the intermediates of one part of one step; without a probe it leaves them alone. */
export function createObserver(probe: Probe | undefined): { observe: Observe; seen: Record<string, Tensor> } {
  const seen: Record<string, Tensor> = {};
  const observe: Observe = (name, tensor) => {
    if (!probe) return tensor;
    seen[name] = tensor;
    return probe.pass(name, tensor);
  };
  return { observe, seen };
}

/** The name under which a step hands out ∂loss/∂variable. */
export const gradientName = (variable: string): string => `gradient/${variable}`;
