import type { KernelChoices } from '../../gpu/kernelChoices.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { Handle, HandleVariable } from '../ops.ts';

/**
 * Value recorded while the body of a program is traced, with its one origin. Only kernels and storage take memory; maps
 * are expressions that are computed inside the kernels that need them, unless `chooseMaterialized` decides to store
 * their result.
 */
export interface Value extends Handle {
  /** Increases in the order of the trace. */
  readonly id: number;
  readonly shape: readonly number[];
  readonly origin: Origin;
  /** ∂loss/∂operand for each of `parents`, given ∂loss/∂this; undefined where there is none or it is not needed. */
  readonly backward: ((gradient: Value) => readonly (Value | undefined)[]) | undefined;
  readonly parents: readonly Value[];
}

export type Origin =
  /** Lies in memory before the program starts. */
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Float32Array }
  | { readonly kind: 'variable'; readonly variable: HandleVariable }
  /** A variable from its assignment on: the memory of the variable, the content of `value`. */
  | { readonly kind: 'assigned'; readonly variable: HandleVariable; readonly value: Value; readonly before: Value }
  /** The same numbers in the same order, from element `start` of `of` on. */
  | { readonly kind: 'view'; readonly of: Value; readonly start: number }
  | { readonly kind: 'map'; readonly map: MapNode }
  | { readonly kind: 'reduction'; readonly reduction: ReduceNode; readonly output: number }
  | { readonly kind: 'call'; readonly call: CallNode; readonly output: number };

/** WGSL of a value, given that of its arguments; `T` is f32 or vec4f, with literals written T(1). */
export type Expression = (args: readonly string[]) => string;

/** Computes each element of the output from the elements of the operands that belong to it. */
export interface MapNode {
  readonly operands: readonly Operand[];
  readonly expression: Expression;
  /** Takes much longer than a load, e.g. an exponential. */
  readonly heavy: boolean;
  /** Lies in pages with none but its like. */
  readonly apart: boolean;
}

export type Operand =
  /** A number that is the same for all elements. It is not part of the code, so that kernels can share that. */
  | { readonly immediate: number }
  /** Broadcast from the right where `access` doesn't say otherwise. */
  | { readonly value: Value; readonly access?: Access };

/** Which element of an operand belongs to element i of the output. */
export interface Access {
  /** Σ ((i / divisor) mod modulus)·stride; no `modulus` where i / divisor is always below it. */
  readonly terms: readonly Term[];
  /** The operand covers elements start … start+count−1 of the output; elsewhere it is 0. */
  readonly window?: { readonly start: number; readonly count: number };
}

export interface Term {
  readonly divisor: number;
  readonly modulus: number | undefined;
  readonly stride: number;
}

export type Combine =
  /** Any number of sums in one pass. */
  | 'sum'
  | 'max'
  /** log Σ exp: the normalizer of a softmax, in one pass. */
  | 'logSumExp'
  /** Index of the largest, the first on ties, as a float. */
  | 'argMax';

/** Over the middle axis of [outer, length, inner]. */
export interface ReduceNode {
  readonly combine: Combine;
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  /** Values to combine, each [outer, length, inner]. */
  readonly inputs: readonly Value[];
  /** Outputs [outer, inner] from the combined values (one string per input) and further operands. */
  readonly finish: readonly Expression[];
  readonly finishOperands: readonly Operand[];
  readonly outputs: readonly Value[];
}

/** A kernel with memory in and memory out. */
export interface CallNode {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Operands of the kernel: inputs, then outputs. */
  readonly kernel: Kernel;
}

export const valueOf = (handle: Handle): Value => handle as Value;

/** Resolves views to the value they show; `whole`: all of it is shown. */
export function follow(value: Value): { base: Value; start: number; whole: boolean } {
  let base = value;
  let start = 0;
  while (base.origin.kind === 'view') {
    start += base.origin.start;
    base = base.origin.of;
  }
  return { base, start, whole: start === 0 && sizeOf(value.shape) === sizeOf(base.shape) };
}

/** A sum of no more terms is done in one pass. */
const LONG_ROW = 2048;

/** Records values. Those that depend on a watched value are tracked: they have a gradient. */
export class Trace {
  private nextId = 0;
  private readonly tracked = new Set<Value>();

  constructor(
    /** Workgroups that keep the adapter busy. */
    private readonly parallelism: number,
  ) {}

  /** Adds a value; `backward` is stored only if it is tracked. */
  value(
    shape: readonly number[],
    origin: Origin,
    parents: readonly Value[] = [],
    backward?: (gradient: Value) => readonly (Value | undefined)[],
  ): Value {
    const tracked = backward !== undefined && parents.some((parent) => this.tracked.has(parent));
    const id = this.nextId++;
    const value = tracked
      ? { id, shape, origin, parents, backward }
      : { id, shape, origin, parents: [], backward: undefined };
    if (tracked) this.tracked.add(value);
    return value;
  }

  map(
    shape: readonly number[],
    operands: readonly Operand[],
    expression: Expression,
    options: {
      readonly heavy?: boolean;
      readonly apart?: boolean;
      readonly backward?: (gradient: Value) => readonly (Value | undefined)[];
    } = {},
  ): Value {
    const parents = operands.flatMap((operand) => ('value' in operand ? [operand.value] : []));
    const map = { operands, expression, heavy: options.heavy ?? false, apart: options.apart ?? false };
    return this.value(shape, { kind: 'map', map }, parents, options.backward);
  }

  /** Reduces the middle axis. Sums with few outputs but long rows take two passes, so that all threads have work. */
  reduce(
    node: Omit<ReduceNode, 'outputs'>,
    shape: readonly number[],
    backward?: (gradient: Value) => readonly (Value | undefined)[],
  ): Value[] {
    const parts = node.combine === 'sum' ? this.partsOf(node) : 1;
    const inputs = parts === 1 ? node.inputs : this.partialSums(node, parts);
    const outputs: Value[] = [];
    const reduction = { ...node, inputs, length: parts === 1 ? node.length : parts, outputs };
    node.finish.forEach((_, output) =>
      outputs.push(this.value(shape, { kind: 'reduction', reduction, output }, node.inputs, backward)),
    );
    return outputs;
  }

  private partsOf({ outer, length, inner }: Omit<ReduceNode, 'outputs'>): number {
    // One workgroup of a reduction computes about 16 outputs.
    const workgroups = Math.ceil((outer * inner) / 16);
    let parts = 1;
    while (parts * 2 * workgroups <= this.parallelism && length % (parts * 2) === 0 && length / parts > LONG_ROW)
      parts *= 2;
    return parts < 4 ? 1 : parts;
  }

  /** Sums each row in `parts` of equal length: [outer·parts, inner] per input. */
  private partialSums(node: Omit<ReduceNode, 'outputs'>, parts: number): Value[] {
    const outputs: Value[] = [];
    const [outer, length] = [node.outer * parts, node.length / parts];
    const finish = node.inputs.map(
      (_, index): Expression =>
        (totals) =>
          totals[index],
    );
    const reduction = { ...node, outer, length, finish, finishOperands: [], outputs };
    finish.forEach((_, output) =>
      outputs.push(this.value([outer, node.inner], { kind: 'reduction', reduction, output })),
    );
    return outputs;
  }

  call(
    kernel: Kernel,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    backward?: (gradient: Value) => readonly (Value | undefined)[],
  ): Value[] {
    const outputs: Value[] = [];
    const call = { inputs, outputs, kernel };
    shapes.forEach((shape, output) =>
      outputs.push(this.value(shape, { kind: 'call', call, output }, inputs, output === 0 ? backward : undefined)),
    );
    return outputs;
  }

  view(of: Value, start: number, shape: readonly number[], backward?: (gradient: Value) => readonly Value[]): Value {
    return this.value(shape, { kind: 'view', of, start }, [of], backward);
  }

  watch(values: readonly Value[]): void {
    for (const value of values) this.tracked.add(value);
  }

  isTracked(value: Value): boolean {
    return this.tracked.has(value);
  }
}

export interface TraceContext {
  readonly trace: Trace;
  readonly choices: KernelChoices;
}
