import type { Dtype } from '../safetensors/storedTensor.ts';

/** Type, name of PyTorch's storage, and bytes per value. PyTorch files hold no other types. */
const STORAGES = [
  ['F32', 'FloatStorage', 4],
  ['F64', 'DoubleStorage', 8],
  ['F16', 'HalfStorage', 2],
  ['BF16', 'BFloat16Storage', 2],
  ['I64', 'LongStorage', 8],
  ['I32', 'IntStorage', 4],
  ['I16', 'ShortStorage', 2],
  ['I8', 'CharStorage', 1],
  ['U8', 'ByteStorage', 1],
  ['BOOL', 'BoolStorage', 1],
] as const satisfies readonly (readonly [Dtype, string, number])[];

export type TorchDtype = (typeof STORAGES)[number][0];

/** Types by the name of their storage in a pickle. */
export const TORCH_STORAGES: ReadonlyMap<string, TorchDtype> = new Map(
  STORAGES.map(([dtype, name]) => [`torch.${name}`, dtype]),
);

export function torchStorageName(dtype: Dtype): string {
  return find(dtype)[1];
}

export function bytesPerValue(dtype: Dtype): number {
  return find(dtype)[2];
}

/** Row-major strides in values: [a,b,c] → [b·c, c, 1]. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * Math.max(1, shape[axis + 1]);
  return strides;
}

function find(dtype: Dtype): (typeof STORAGES)[number] {
  const found = STORAGES.find(([ours]) => ours === dtype);
  if (!found) throw new Error(`PyTorch files hold no ${dtype}`);
  return found;
}
