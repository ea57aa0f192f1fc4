import { sizeOf } from '../lib/shape.ts';
import type { BatchStatistics, ConvOptions, Handle, Ops } from './ops.ts';

/**
 * A tensor inside the body of a program, with the operations of its engine as methods. Shapes broadcast from the right;
 * axes below 0 count from the last. It holds no values: they exist only while the program runs.
 */
export class Tensor {
  readonly handle: Handle;
  readonly #ops: Ops;

  constructor(ops: Ops, handle: Handle) {
    this.#ops = ops;
    this.handle = handle;
  }

  get shape(): readonly number[] {
    return this.handle.shape;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  reshape(shape: readonly number[]): Tensor {
    return this.#of(this.#ops.reshape(this.handle, shape));
  }

  /** Rows start…start+count−1 of the first axis. */
  slice(start: number, count: number): Tensor {
    return this.#of(this.#ops.slice(this.handle, start, count));
  }

  /** This and the other tensors, along the first axis. */
  concat(...others: readonly Tensor[]): Tensor {
    return this.#of(this.#ops.concat([this, ...others].map(({ handle }) => handle)));
  }

  add(other: Tensor | number): Tensor {
    const { handle } = this;
    return this.#of(
      typeof other === 'number' ? this.#ops.addScalar(handle, other) : this.#ops.add(handle, other.handle),
    );
  }

  sub(other: Tensor | number): Tensor {
    return typeof other === 'number' ? this.add(-other) : this.#of(this.#ops.sub(this.handle, other.handle));
  }

  /** other − this */
  rsub(other: number): Tensor {
    return this.neg().add(other);
  }

  mul(other: Tensor | number): Tensor {
    const { handle } = this;
    return this.#of(
      typeof other === 'number' ? this.#ops.mulScalar(handle, other) : this.#ops.mul(handle, other.handle),
    );
  }

  div(other: Tensor | number): Tensor {
    return typeof other === 'number' ? this.mul(1 / other) : this.#of(this.#ops.div(this.handle, other.handle));
  }

  neg(): Tensor {
    return this.mul(-1);
  }

  square(): Tensor {
    return this.mul(this);
  }

  sqrt(): Tensor {
    return this.#of(this.#ops.sqrt(this.handle));
  }

  log(): Tensor {
    return this.#of(this.#ops.log(this.handle));
  }

  relu(): Tensor {
    return this.#of(this.#ops.relu(this.handle));
  }

  /** Exact: x·Φ(x), with erf. */
  gelu(): Tensor {
    return this.#of(this.#ops.gelu(this.handle));
  }

  /** max(this, min) */
  clipMin(min: number): Tensor {
    return this.#of(this.#ops.clipMin(this.handle, min));
  }

  /** 1 where this is above the threshold, else 0; no gradient. */
  greater(threshold: number): Tensor {
    return this.#of(this.#ops.greater(this.handle, threshold));
  }

  /** This where `condition` is above 0, else `otherwise`; the condition broadcasts and gets no gradient. */
  where(condition: Tensor, otherwise: number): Tensor {
    return this.#of(this.#ops.where(condition.handle, this.handle, otherwise));
  }

  /** Sum over the given axes, which are removed; over all of them by default. */
  sum(...axes: readonly number[]): Tensor {
    const all = axes.length === 0 ? this.shape.map((_, axis) => axis) : axes.map((axis) => this.#axis(axis));
    return this.#of(this.#ops.sum(this.handle, all));
  }

  /** Mean over the given axes, which are removed; over all of them by default. */
  mean(...axes: readonly number[]): Tensor {
    const sum = this.sum(...axes);
    return sum.div(this.size / sum.size);
  }

  /** ‖this‖₂ over all axes. */
  norm(): Tensor {
    return this.square().sum().sqrt();
  }

  /** Maximum over one axis, which is removed; no gradient. */
  max(axis: number): Tensor {
    return this.#of(this.#ops.max(this.handle, this.#axis(axis)));
  }

  /** Over the last axis. */
  softmax(): Tensor {
    return this.#of(this.#ops.softmax(this.handle));
  }

  /** Over the last axis. */
  logSoftmax(): Tensor {
    return this.sub(this.logSumExp());
  }

  /** log Σ exp over the last axis, which stays as 1. */
  logSumExp(): Tensor {
    return this.#of(this.#ops.logSumExp(this.handle));
  }

  /** x / max(‖x‖₂, 1e-12) over the last axis. */
  l2Normalize(): Tensor {
    return this.#of(this.#ops.l2Normalize(this.handle));
  }

  /** 1 at the largest entry of the last axis (one of them on ties), else 0; no gradient. */
  oneHotArgMax(): Tensor {
    return this.#of(this.#ops.oneHotArgMax(this.handle));
  }

  /** Product over the last two axes, with either side transposed on request; leading axes are equal on both sides. */
  matMul(other: Tensor, transpose: { readonly a?: boolean; readonly b?: boolean } = {}): Tensor {
    return this.#of(this.#ops.matMul(this.handle, other.handle, transpose));
  }

  /** [N,H,W,I] with kernel [kh,kw,I,O] → [N,h,w,O] */
  conv2d(kernel: Tensor, options: ConvOptions): Tensor {
    return this.#of(this.#ops.conv2d(this.handle, kernel.handle, options));
  }

  /** 3×3, stride 2, padding 1. */
  maxPool(): Tensor {
    return this.#of(this.#ops.maxPool(this.handle));
  }

  /** Train-mode BatchNorm, see `Ops.batchNorm`. */
  batchNorm(
    weight: Tensor,
    bias: Tensor,
    { groups, epsilon, mask }: { readonly groups: number; readonly epsilon: number; readonly mask?: Tensor },
  ): BatchStatistics<Tensor> {
    const options = { groups, epsilon, ...(mask && { mask: mask.handle }) };
    const { y, mean, variance, rows } = this.#ops.batchNorm(this.handle, weight.handle, bias.handle, options);
    return { y: this.#of(y), mean: this.#of(mean), variance: this.#of(variance), rows: this.#of(rows) };
  }

  /** The same value without gradient. */
  detach(): Tensor {
    return this.#of(this.#ops.detach(this.handle));
  }

  #of(handle: Handle): Tensor {
    return new Tensor(this.#ops, handle);
  }

  #axis(axis: number): number {
    return axis < 0 ? axis + this.shape.length : axis;
  }
}
