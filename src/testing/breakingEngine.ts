import { sizeOf } from '../lib/shape.ts';
import type { Engine } from '../ops/engine.ts';

/** The engine with a program whose images are not numbers at a run where `isBroken`. */
export function breaking(engine: Engine, isBroken: () => boolean): Engine {
  const program: Engine['program'] = async (shapes, body, onProgress) => {
    const made = await engine.program(shapes, body, onProgress);
    if (!('images' in shapes)) return made;
    const nothing = new Float32Array(sizeOf(shapes.images as readonly number[])).fill(NaN);
    return { ...made, run: (inputs) => made.run(isBroken() ? { ...inputs, images: nothing } : inputs) };
  };
  return Object.create(engine, { program: { value: program } }) as Engine;
}
