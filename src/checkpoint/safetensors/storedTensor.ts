import { sizeOf } from '../../lib/shape.ts';

/** Strings by name, in the header of a file. */
export type Metadata = Readonly<Partial<Record<string, string>>>;

/** A tensor of a file: `data` holds its values row by row, as many as `sizeOf(shape)`. */
export type StoredTensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array }
  /** Raw bytes as stored in the file, not interpreted. */
  | { readonly dtype: RawDtype; readonly shape: readonly number[]; readonly data: Uint8Array };

export type RawDtype = 'BOOL' | 'I8' | 'F8_E4M3' | 'F8_E5M2' | 'I16' | 'U16' | 'F16' | 'BF16' | 'U32' | 'U64';
export type Dtype = StoredTensor['dtype'];

export const BYTES_PER_VALUE: Readonly<Record<Dtype, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};
/** Name in the header that belongs to no tensor. */
export const METADATA = '__metadata__';
/** Bytes of the header length, in front of the header. */
export const LENGTH_BYTES = 8;
/** Limit of the reference implementation. A longer header is refused as an attack or another format. */
export const MAX_HEADER_BYTES = 100_000_000;

export function byteLength(dtype: Dtype, shape: readonly number[]): number {
  return BYTES_PER_VALUE[dtype] * sizeOf(shape);
}
