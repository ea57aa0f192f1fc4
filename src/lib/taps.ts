/** Resampling filter, as in Pillow (Resample.c); shared by plain code and kernels. */
export type Filter = 'bicubic' | 'bilinear';

/** Fractional bits of a weight: leaves 8 bits of pixel and 2 bits of bicubic overshoot in 32 (Pillow, Resample.c). */
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

/** Per output position: first input, number of inputs, and their fixed-point weights. */
export interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `stride` weights per output position. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Max number of weights per output position. */
export function tapStride(inputSize: number, outputSize: number, filter: Filter): number {
  return Math.ceil(KERNELS[filter].support * Math.max(inputSize / outputSize, 1)) * 2 + 1;
}

/**
 * Computes antialiased taps: when shrinking, the kernel is stretched to cover the inputs of one output. Covers the outputs in
 * [begin, end), which are numbered from 0 in the result. The last input counts in full where `inputSize` has a fraction.
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
    const count = Math.min(Math.ceil(inputSize), Math.trunc(center + support + 0.5)) - start;
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
