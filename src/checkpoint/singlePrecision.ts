import { UserError } from '../lib/errors.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';

/** Suffix of the number of batches that a BatchNorm has seen. */
export const COUNT = '.num_batches_tracked';

type Numbers = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/**
 * Converts tensors to the types that models here hold: weights to F32 (from F16, BF16 and F64), counts of batches to one I64
 * (from any type). What has these types is not copied; what can't be converted stays as it is, for the checks to name. Throws a
 * UserError for a number beyond single precision.
 */
export function inSinglePrecision(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, name.endsWith(COUNT) ? toCount(tensor) : toFloat32(name, tensor)]),
  );
}

function toFloat32(name: string, tensor: StoredTensor): StoredTensor {
  const { dtype, shape } = tensor;
  switch (dtype) {
    case 'F16':
      return { dtype: 'F32', shape, data: fromHalf(tensor.data) };
    case 'BF16':
      return { dtype: 'F32', shape, data: fromBFloat16(tensor.data) };
    case 'F64': {
      const data = Float32Array.from(tensor.data);
      const bad = data.findIndex((value, at) => !Number.isFinite(value) && Number.isFinite(tensor.data[at]));
      if (bad < 0) return { dtype: 'F32', shape, data };
      throw new UserError(
        'checkpoint/not-finite',
        `The tensor "${name}" holds ${tensor.data[bad]} at position ${bad} of ${data.length}, and single precision ends at ±3.4e38. ` +
          'The model it was saved from had diverged; use an earlier save.',
      );
    }
    default:
      return tensor;
  }
}

/** Tools that convert all of a state_dict convert the counts too; early ones store them as [1]. */
function toCount(tensor: StoredTensor): StoredTensor {
  if (tensor.dtype === 'I64' && tensor.shape.length === 0) return tensor;
  const numbers = numbersOf(tensor);
  const count = numbers?.length === 1 ? Number(numbers[0]) : NaN;
  if (!Number.isSafeInteger(count) || count < 0) return tensor;
  return { dtype: 'I64', shape: [], data: BigInt64Array.of(BigInt(count)) };
}

function numbersOf({ dtype, data }: StoredTensor): Numbers | undefined {
  switch (dtype) {
    case 'F16':
      return fromHalf(data);
    case 'BF16':
      return fromBFloat16(data);
    case 'I16':
    case 'U16':
      return words(data);
    case 'U32':
      return new Uint32Array(aligned(data).buffer);
    case 'U64':
      return new BigInt64Array(aligned(data).buffer);
    case 'I8':
    case 'BOOL':
    case 'F8_E4M3':
    case 'F8_E5M2':
      return undefined;
    default:
      return data;
  }
}

/** The upper half of a single. */
function fromBFloat16(data: Uint8Array): Float32Array {
  const bits = Uint32Array.from(words(data), (half) => half << 16);
  return new Float32Array(bits.buffer);
}

function fromHalf(data: Uint8Array): Float32Array {
  halfValues ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfValue(bits));
  const halves = words(data);
  const values = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) values[at] = halfValues[halves[at]];
  return values;
}

/** Value of every half, computed with the first one. */
let halfValues: Float32Array | undefined;

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfValue(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function words(data: Uint8Array): Uint16Array {
  const { buffer, byteOffset, length } = data.byteOffset % 2 === 0 ? data : aligned(data);
  return new Uint16Array(buffer, byteOffset, length / 2);
}

/** A copy at the start of a buffer of its own. */
const aligned = (data: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(data);
