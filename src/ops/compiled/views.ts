import { concatKernel } from '../../gpu/kernels/concat.ts';
import { sizeOf } from '../../lib/shape.ts';
import { SAME } from './access.ts';
import type { Operand, Trace, TraceContext, Value } from './graph.ts';

/** Returns a view of the same numbers in another shape. */
export function reshape(trace: Trace, input: Value, shape: readonly number[]): Value {
  if (sizeOf(shape) !== sizeOf(input.shape)) {
    throw new Error(`[${input.shape.join(', ')}] can't be reshaped to [${shape.join(', ')}]`);
  }
  return trace.view(input, 0, shape, (gradient) => [reshape(trace, gradient, input.shape)]);
}

/** Rows start…start+count−1 of the first axis: no copy. */
export function slice({ trace }: TraceContext, input: Value, start: number, count: number): Value {
  const [all, ...rest] = input.shape;
  if (start < 0 || start + count > all) throw new Error(`rows ${start}…${start + count} of ${all}`);
  const width = sizeOf(rest);
  return trace.view(input, start * width, [count, ...rest], (gradient) => {
    const window = { start: start * width, count: count * width };
    return [trace.map(input.shape, [{ value: gradient, access: { ...SAME, window } }], ([d]) => d)];
  });
}

/** Along the first axis. */
export function concat(context: TraceContext, parts: readonly Value[]): Value {
  const { trace } = context;
  const [, ...rest] = parts[0].shape;
  const width = sizeOf(rest);
  const shape = [parts.reduce((total, part) => total + part.shape[0], 0), ...rest];
  const backward = (gradient: Value): Value[] => {
    let row = 0;
    return parts.map((part) => {
      const own = slice(context, gradient, row, part.shape[0]);
      row += part.shape[0];
      return own;
    });
  };
  if (shape[0] === parts.length && width === 1) {
    // Single numbers are computed inside the kernel that packs them.
    const operands: Operand[] = parts.map((value, start) => ({
      value,
      access: { terms: [], window: { start, count: 1 } },
    }));
    return trace.map(shape, operands, (args) => `(${args.join(' + ')})`, { backward });
  }
  const sizes = parts.map((part) => sizeOf(part.shape));
  return trace.call(concatKernel(sizes), parts, [shape], backward)[0];
}
