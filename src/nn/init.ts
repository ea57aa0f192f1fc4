import type { Random } from '../lib/random.ts';
import { sizeOf } from '../lib/shape.ts';
import type { ParameterSpec } from './params.ts';

/**
 * Initial values of a parameter, in NHWC or HWIO layout. The random stream depends on its name, not on the order of
 * creation.
 */
export function initialValues(spec: ParameterSpec, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(spec.shape));
  if (spec.init.kind === 'constant') return values.fill(spec.init.value);
  const { std, limit = Infinity } = spec.init;
  const stream = random.fork(spec.name);
  for (let index = 0; index < values.length; index++) {
    do values[index] = std * stream.normal();
    while (Math.abs(values[index]) > limit);
  }
  return values;
}
