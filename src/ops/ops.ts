/**
 * The one interface the model is written against. Shapes are static; images are NHWC, convolution kernels HWIO.
 * An engine maps each operation to its own means and differentiates through all of them but `detach` and `oneHotArgMax`.
 */

/** A value inside a program's body: opaque but for its shape. */
export interface Tensor {
  readonly shape: readonly number[];
}

/** State that outlives a step: a parameter, a buffer or a momentum. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its present value, to compute with. */
  readonly value: Tensor;
}

export interface ConvOptions {
  readonly stride: number;
  /** Zeros on every side. */
  readonly padding: number;
  readonly dilation: number;
}

export interface BatchStatistics {
  /** Normalized, scaled and shifted; the shape of the input. */
  readonly y: Tensor;
  /** [groups, C] */
  readonly mean: Tensor;
  /** [groups, C], biased (divided by n). */
  readonly variance: Tensor;
  /** [groups, 1]: how many rows the statistics are over. */
  readonly rows: Tensor;
}

export interface Ops {
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  /** Along the first axis. */
  concat(parts: readonly Tensor[]): Tensor;
  /** Rows start…start+count−1 of the first axis. */
  rows(x: Tensor, start: number, count: number): Tensor;

  /** Element by element; shapes broadcast from the right. */
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  div(a: Tensor, b: Tensor): Tensor;
  max(a: Tensor, b: Tensor): Tensor;
  scale(x: Tensor, factor: number): Tensor;
  shift(x: Tensor, term: number): Tensor;
  sqrt(x: Tensor): Tensor;
  log(x: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  /** Exact: x·Φ(x), with erf. */
  gelu(x: Tensor): Tensor;
  /** 1 where x > 0, else 0; no gradient. */
  step(x: Tensor): Tensor;

  sum(x: Tensor, axes: readonly number[], keepDims?: boolean): Tensor;
  /** Maximum over one axis; no gradient. */
  maxOver(x: Tensor, axis: number): Tensor;
  softmax(x: Tensor): Tensor;
  /** log Σ exp over the last axis, which stays as 1. */
  logSumExp(x: Tensor): Tensor;
  /** x / max(‖x‖₂, 1e-12) over the last axis. */
  l2Normalize(x: Tensor): Tensor;
  /** 1 at the largest entry of the last axis (one of them on ties), else 0; no gradient. */
  oneHotArgMax(x: Tensor): Tensor;

  /** Last two axes, leading axes equal on both sides. */
  matMul(a: Tensor, b: Tensor, transpose?: { readonly a?: boolean; readonly b?: boolean }): Tensor;
  conv2d(x: Tensor, kernel: Tensor, options: ConvOptions): Tensor;
  /** 3×3, stride 2, padding 1. */
  maxPool(x: Tensor): Tensor;
  /**
   * Train-mode BatchNorm over all but the last axis, each of `groups` equal parts of the first axis by itself.
   * `mask` [rows] of 0 and 1 restricts the statistics to the kept rows (at least 1 is assumed when none is kept).
   */
  batchNorm(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    options: { readonly groups: number; readonly epsilon: number; readonly mask?: Tensor },
  ): BatchStatistics;

  /** The same value without gradient. */
  detach(x: Tensor): Tensor;
}

/** Values of named tensors on the host, in row-major order. */
export type HostTensors<Name extends string> = Readonly<Record<Name, Float32Array>>;

/**
 * Writes an input where it is to lie, in place of values from the host; `offset` in floats. For programs of an engine that
 * has a `fillDevice`.
 */
export type DeviceFill = (
  pass: GPUComputePassEncoder,
  target: { readonly buffer: GPUBuffer; readonly offset: number },
) => void;

/** A computation with inputs of fixed shapes, run as often as wanted. Runs must not overlap. */
export interface Program<Input extends string, Output extends string> {
  /** Resolves when the outputs are on the host; assigned variables have their new values for whatever comes next. */
  run(inputs: Readonly<Record<Input, Float32Array | DeviceFill>>): Promise<HostTensors<Output>>;
  /** Frees what the program holds; variables stay. */
  dispose(): void;
}

/** The values some variables had. */
export interface VariableSnapshot {
  /** Puts them back. */
  restore(): void;
  release(): void;
}

/** What runs the model: `Ops`, the state, and the ways in and out. */
export interface Engine {
  readonly name: 'eager' | 'compiled';
  /** Set where inputs are best made on the device itself. */
  readonly fillDevice?: GPUDevice;
  /** For bodies of programs, as are `constant`, `assign` and `gradients`. */
  readonly ops: Ops;
  constant(data: Float32Array, shape: readonly number[]): Tensor;
  /** From here on the variable's value is this tensor of the same shape. */
  assign(variable: Variable, value: Tensor): void;
  /** ∂loss/∂variable for each variable, in order, and what `body` returns besides the scalar `loss`. */
  gradients<Kept extends { readonly loss: Tensor }>(
    body: () => Kept,
    variables: readonly Variable[],
  ): { readonly values: Kept; readonly gradients: readonly Tensor[] };

  /**
   * Makes a program of `body`, which an engine may call once or at every run: nothing in it may depend on values. The
   * outputs it returns arrive on the host. `onProgress` hears the share that is prepared, from 0 to 1.
   */
  program<Input extends string, Output extends string>(
    shapes: Readonly<Record<Input, readonly number[]>>,
    body: (inputs: Readonly<Record<Input, Tensor>>) => Readonly<Record<Output, Tensor>>,
    onProgress?: (share: number) => void,
  ): Promise<Program<Input, Output>>;

  /** Whether memory for such a program can be laid out on this adapter. Calls the body, makes nothing. */
  fits<Input extends string>(
    shapes: Readonly<Record<Input, readonly number[]>>,
    body: (inputs: Readonly<Record<Input, Tensor>>) => Readonly<Record<string, Tensor>>,
  ): boolean;

  /** New state; `data` in row-major order. Throws if the size doesn't fit the shape. */
  variable(name: string, shape: readonly number[], data: Float32Array): Variable;
  /** The present value. Never blocks the event loop. */
  read(variable: Variable): Promise<Float32Array>;
  /** Replaces a variable's value from the host. */
  write(variable: Variable, data: Float32Array): void;
  /** Holds on to the present values until released. */
  snapshot(variables: readonly Variable[]): VariableSnapshot;
  /** Frees a variable. */
  discard(variable: Variable): void;
  /** Tensors and buffers alive, for leak tests. */
  tensorCount(): number;
}
