/** Filter weights of resizing, as Pillow computes them (Resample.c): for plain code and kernels alike. */
export type Filter = 'bicubic' | 'bilinear';

/** Fraction bits of a weight: 8 bits of pixel and 2 spare bits for bicubic overshoot remain of 32 (Pillow, Resample.c). */
export const PRECISION_BITS = 22;

const KERNELS: Readonly<Record<Filter, { readonly support: number; weight(distance: number): number }>> = {
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  bicubic: { support: 2, weight: bicubic },
};

/** Keys' cubic with a = −1/2. */
function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/** For every output position: where its inputs start, how many they are, and their fixed-point weights. */
export interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `stride` weights per output position. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Weights that are kept for each output position; the most there can be. */
export function tapStride(inputSize: number, outputSize: number, filter: Filter): number {
  return Math.ceil(KERNELS[filter].support * Math.max(inputSize / outputSize, 1)) * 2 + 1;
}

/**
 * Antialiased: when shrinking, the kernel is stretched to cover the inputs of one output. Of the outputs those from `begin`
 * to before `end`, as the first and following of the result.
 */
export function computeTaps(inputSize: number, outputSize: number, filter: Filter, begin = 0, end = outputSize): Taps {
  const kernel = KERNELS[filter];
  const scale = inputSize / outputSize;
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const stride = tapStride(inputSize, outputSize, filter);
  const starts = new Int32Array(end - begin);
  const counts = new Int32Array(end - begin);
  const weights = new Int32Array((end - begin) * stride);
  const raw = new Float64Array(stride);
  for (let out = 0; out < end - begin; out++) {
    const center = (begin + out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel.weight((tap + start - center + 0.5) * (1 / stretch));
      raw[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap++) {
      const fixed = (raw[tap] / sum) * (1 << PRECISION_BITS);
      weights[out * stride + tap] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    starts[out] = start;
    counts[out] = count;
  }
  return { starts, counts, weights, stride };
}
