import { UserError } from '../lib/errors.ts';

/**
 * Operations of an engine, on its own handles. Shapes are static; images are NHWC, convolution kernels HWIO. Gradients
 * pass through every operation but `greater`, `max`, `oneHotArgMax` and `detach`. The model is written against the
 * methods of `Tensor` (`tensor.ts`), which call these.
 */

/** A value inside the body of a program: opaque but for its shape. */
export interface Handle {
  readonly shape: readonly number[];
}

/** Variable on the handles of its engine. */
export interface HandleVariable {
  readonly name: string;
  readonly shape: readonly number[];
  /** The present value. */
  readonly value: Handle;
}

export interface ConvOptions {
  readonly stride: number;
  /** Zeros on every side. */
  readonly padding: number;
  readonly dilation: number;
}

export interface BatchStatistics<Value = Handle> {
  /** Normalized, scaled and shifted, in the shape of the input. */
  readonly y: Value;
  /** [groups, C] */
  readonly mean: Value;
  /** [groups, C], biased (divided by n). */
  readonly variance: Value;
  /** [groups, 1]: number of rows in the statistics. */
  readonly rows: Value;
}

export interface Ops {
  reshape(x: Handle, shape: readonly number[]): Handle;
  /** Along the first axis. */
  concat(parts: readonly Handle[]): Handle;
  /** Rows start…start+count−1 of the first axis. */
  slice(x: Handle, start: number, count: number): Handle;

  /** Element by element; shapes broadcast from the right. */
  add(a: Handle, b: Handle): Handle;
  sub(a: Handle, b: Handle): Handle;
  mul(a: Handle, b: Handle): Handle;
  div(a: Handle, b: Handle): Handle;
  mulScalar(x: Handle, factor: number): Handle;
  addScalar(x: Handle, term: number): Handle;
  /** max(x, min) */
  clipMin(x: Handle, min: number): Handle;
  /** x where `condition` is above 0, else `otherwise`; the condition broadcasts to x and gets no gradient. */
  where(condition: Handle, x: Handle, otherwise: number): Handle;
  sqrt(x: Handle): Handle;
  log(x: Handle): Handle;
  relu(x: Handle): Handle;
  /** Exact: x·Φ(x), with erf. */
  gelu(x: Handle): Handle;
  /** 1 where x is above the threshold, else 0; no gradient. */
  greater(x: Handle, threshold: number): Handle;

  sum(x: Handle, axes: readonly number[], keepDims?: boolean): Handle;
  /** Maximum over one axis; no gradient. */
  max(x: Handle, axis: number): Handle;
  softmax(x: Handle): Handle;
  /** log Σ exp over the last axis, which stays as 1. */
  logSumExp(x: Handle): Handle;
  /** x / max(‖x‖₂, 1e-12) over the last axis. */
  l2Normalize(x: Handle): Handle;
  /** 1 at the largest entry of the last axis (one of them on ties), else 0; no gradient. */
  oneHotArgMax(x: Handle): Handle;

  /** Last two axes, leading axes equal on both sides. */
  matMul(a: Handle, b: Handle, transpose?: { readonly a?: boolean; readonly b?: boolean }): Handle;
  conv2d(x: Handle, kernel: Handle, options: ConvOptions): Handle;
  /** 3×3, stride 2, padding 1. */
  maxPool(x: Handle): Handle;
  /**
   * Train-mode BatchNorm over all but the last axis, each of `groups` equal parts of the first axis by itself.
   * `mask` [rows] of 0 and 1 restricts the statistics to the kept rows (at least 1 is assumed when none is kept).
   */
  batchNorm(
    x: Handle,
    weight: Handle,
    bias: Handle,
    options: { readonly groups: number; readonly epsilon: number; readonly mask?: Handle },
  ): BatchStatistics;

  /** The same value without gradient. */
  detach(x: Handle): Handle;
}

/** Values of named tensors on the host, in row-major order. */
export type HostTensors<Name extends string> = Readonly<Record<Name, Float32Array>>;

/**
 * Writes an input straight to its memory, instead of values from the host; `offset` in floats. For engines with a
 * `fillDevice`.
 */
export type DeviceFill = (
  pass: GPUComputePassEncoder,
  target: { readonly buffer: GPUBuffer; readonly offset: number },
) => void;

/** A computation with inputs of fixed shapes, run any number of times. Runs must not overlap unless the engine queues them. */
export interface Program<Input extends string, Output extends string> {
  /**
   * Resolves when the outputs are on the host. Assigned variables have their new values from then on; in an engine that queues runs,
   * for everything that is called after this.
   */
  run(inputs: Readonly<Record<Input, Float32Array | DeviceFill>>): Promise<HostTensors<Output>>;
  /** Frees the memory of the program; variables stay. */
  dispose(): void;
}

/** Values of some variables at one moment. */
export interface VariableSnapshot {
  /** Writes them back. */
  restore(): void;
  release(): void;
}

/** A tensor is too large for the adapter, by this factor. */
export class TensorTooLargeError extends UserError {
  constructor(
    readonly factor: number,
    message: string,
  ) {
    super('gpu/tensor-too-large', message);
  }
}

/** What a program takes. */
export interface ProgramPlan {
  /** Memory besides the variables. */
  readonly bytes: number;
  /** Dispatches of a run; more where operands of merged kernels come to lie in different buffers. */
  readonly dispatches: number;
}

/** Memory of variables. */
export interface VariableBytes {
  readonly variables: number;
  readonly snapshot: number;
}

/** Result of `EngineCore.gradients`. */
export interface HandleGradients {
  /** The `kept` values of the body, usable after the call. */
  readonly kept: readonly Handle[];
  /** ∂loss/∂variable for each variable, in order; 0 where the loss doesn't depend on it. */
  readonly gradients: readonly Handle[];
  /** ∂loss/∂value for each watched value, in order. */
  readonly watched: readonly Handle[];
}

/** Implementation of an engine, on handles. `tensorEngine` (`engine.ts`) wraps it as the engine that models use. */
export interface EngineCore {
  readonly name: 'eager' | 'compiled';
  /** What the rounding of its results depends on, beside the adapter. */
  readonly kernels: string;
  /** Whether a program may be run again before the outputs of its last run are on the host. */
  readonly queuesRuns: boolean;
  /** Device on which inputs are best made; undefined where the host makes them. */
  readonly fillDevice?: GPUDevice;
  /** Only in bodies of programs, as `constant`, `assign` and `gradients`. */
  readonly ops: Ops;
  constant(data: Float32Array, shape: readonly number[]): Handle;
  /** Sets the value of a variable, to a tensor of the same size. */
  assign(variable: HandleVariable, value: Handle): void;
  /**
   * Differentiates the scalar `loss` that the body returns. `kept` values stay usable after the call; `watched` values
   * are intermediates of the body whose gradients are returned besides those of the variables.
   */
  gradients(
    body: () => { readonly loss: Handle; readonly kept: readonly Handle[]; readonly watched: readonly Handle[] },
    variables: readonly HandleVariable[],
  ): HandleGradients;

  /**
   * Creates a program from `body`, which an engine may call once or at every run: nothing in it may depend on values.
   * Outputs are returned to the host. `onProgress` is given the fraction that is prepared, from 0 to 1.
   */
  program<Input extends string, Output extends string>(
    shapes: Readonly<Record<Input, readonly number[]>>,
    body: (inputs: Readonly<Record<Input, Handle>>) => Readonly<Record<Output, Handle>>,
    onProgress?: (fraction: number) => void,
  ): Promise<Program<Input, Output>>;

  /**
   * What such a program takes; undefined for an engine that doesn't plan. Calls the body and allocates nothing. Throws
   * `gpu/tensor-too-large` where the memory can't be laid out on this adapter.
   */
  plan<Input extends string>(
    shapes: Readonly<Record<Input, readonly number[]>>,
    body: (inputs: Readonly<Record<Input, Handle>>) => Readonly<Record<string, Handle>>,
  ): ProgramPlan | undefined;
  /** A variable without memory, for bodies that are planned only; undefined for an engine that doesn't plan. */
  sketch(name: string, shape: readonly number[]): HandleVariable | undefined;
  /** Bytes that variables of these shapes take, and a snapshot of them; undefined for an engine that doesn't plan. */
  variableBytes(shapes: readonly (readonly number[])[]): VariableBytes | undefined;

  /** Creates a variable; `data` in row-major order. Throws if its size doesn't match the shape. */
  variable(name: string, shape: readonly number[], data: Float32Array): HandleVariable;
  /** Reads the present value. Never blocks the event loop. */
  read(variable: HandleVariable): Promise<Float32Array>;
  /** Replaces a variable's value from the host. */
  write(variable: HandleVariable, data: Float32Array): void;
  /** Copies the present values, until released. */
  snapshot(variables: readonly HandleVariable[]): VariableSnapshot;
  /** Frees a variable. */
  discard(variable: HandleVariable): void;
  /** Bytes that the host has sent to the device so far; undefined for an engine that doesn't count. */
  uploadedBytes(): number | undefined;
  /** Number of tensors and buffers alive, for leak tests. */
  tensorCount(): number;
}
