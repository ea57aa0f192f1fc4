import type { GemmUse } from '../../gpu/kernelChoices.ts';
import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { CompiledProgram } from '../compiled/compiledProgram.ts';
import type { Engine, Variable } from '../engine.ts';
import type { Tensor } from '../tensor.ts';

/** A layer as the networks have them: a 3×3 convolution of images of 28 px, or a linear layer of as many operations. */
const CHANNELS = 64;
const SIDE = 28;
const FEATURES = 256;
const CONV = { stride: 1, padding: 1, dilation: 1 };

interface Operands {
  readonly x: Tensor;
  readonly w: Tensor;
  /** Gradient of the result. */
  readonly dy: Tensor;
}

/** The product of a use, by itself. */
const RESULTS: Readonly<Record<GemmUse, (engine: Engine, operands: Operands, w: Variable) => Tensor>> = {
  convolution: (_, { x, w }) => x.conv2d(w, CONV),
  product: (_, { x, w }) => x.matMul(w),
  // Neither the convolution nor the loss is computed: only the gradient is an output.
  weightGradient: (engine, { x, dy }, w) =>
    engine.gradients(() => ({ loss: x.conv2d(w.value, CONV).mul(dy).sum(), aux: {} }), [w]).gradients[0],
};

function shapesOf(use: GemmUse, images: number): Readonly<Record<keyof Operands, readonly number[]>> {
  const rows = images * 512;
  if (use === 'product') return { x: [rows, FEATURES], w: [FEATURES, FEATURES], dy: [rows, FEATURES] };
  const image = [images, SIDE, SIDE, CHANNELS];
  return { x: image, w: [3, 3, CHANNELS, CHANNELS], dy: image };
}

/** Programs of one use on the same numbers. */
export interface Trials {
  /** Compiles the product as the engine does at this moment. */
  compile(): Promise<CompiledProgram>;
  dispose(): void;
}

/** `images` sizes the work: 115 million operations each. */
export function createTrials(engine: Engine, use: GemmUse, images: number): Trials {
  const shapes = shapesOf(use, images);
  const random = createRandom('trials');
  const [x, w, dy] = (['x', 'w', 'dy'] as const).map((name) => {
    const data = Float32Array.from({ length: sizeOf(shapes[name]) }, () => random.uniform(-1, 1));
    return engine.variable(name, shapes[name], data);
  });
  return {
    compile: () =>
      engine.program({}, () => {
        const operands = { x: x.value, w: w.value, dy: dy.value };
        return { result: RESULTS[use](engine, operands, w) };
      }) as Promise<unknown> as Promise<CompiledProgram>,
    dispose: () => [x, w, dy].forEach(engine.discard),
  };
}
