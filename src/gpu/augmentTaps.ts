/** Fraction bits of a weight (Pillow, Resample.c). */
const PRECISION_BITS = 22;
const SUPPORT = 2;
const FIRST_WORDS = 1 << 16;
/** Beyond this the table is begun anew instead of grown, unless one batch needs more. */
const MOST_WORDS = 1 << 23;

/** Where the taps for one input size lie: `outputSize` entries of 2 + stride words. */
export interface TapPlace {
  readonly offset: number;
  readonly stride: number;
}

/**
 * Filter weights on the GPU, computed once for every input size that occurs: resizing `size` pixels to `outputSize`
 * depends on nothing else.
 */
export interface TapTable {
  /** Makes sure of all the given input sizes; places of earlier calls no longer count. May replace `buffer`. */
  place(sizes: ReadonlySet<number>): ReadonlyMap<number, TapPlace>;
  buffer(): GPUBuffer;
  destroy(): void;
}

export function createTapTable(device: GPUDevice, outputSize: number): TapTable {
  const create = (words: number): GPUBuffer =>
    device.createBuffer({ size: words * 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  const places = new Map<number, TapPlace>();
  let buffer = create(FIRST_WORDS);
  let used = 0;

  const restart = (needed: number): void => {
    places.clear();
    used = 0;
    let words = buffer.size / 4;
    if (words < MOST_WORDS) words *= 2;
    while (words < needed) words *= 2;
    if (words * 4 === buffer.size) return;
    buffer.destroy();
    buffer = create(words);
  };
  const missing = (sizes: ReadonlySet<number>): number[] => [...sizes].filter((size) => !places.has(size));
  const total = (sizes: Iterable<number>): number =>
    [...sizes].reduce((sum, size) => sum + tapWords(size, outputSize), 0);

  return {
    place: (sizes) => {
      if (used + total(missing(sizes)) > buffer.size / 4) restart(total(sizes));
      const fresh = missing(sizes);
      const words = new Int32Array(total(fresh));
      let at = 0;
      for (const size of fresh) {
        places.set(size, { offset: used + at, stride: strideOf(size, outputSize) });
        at += writeTaps(size, outputSize, words.subarray(at));
      }
      if (at > 0) device.queue.writeBuffer(buffer, used * 4, words);
      used += at;
      return places;
    },
    buffer: () => buffer,
    destroy: () => buffer.destroy(),
  };
}

const strideOf = (inputSize: number, outputSize: number): number =>
  Math.ceil(SUPPORT * Math.max(inputSize / outputSize, 1)) * 2 + 1;

const tapWords = (inputSize: number, outputSize: number): number => outputSize * (strideOf(inputSize, outputSize) + 2);

/**
 * For every output position: first input, number of inputs, weights. Antialiased: when shrinking, the kernel is
 * stretched to cover the inputs of one output. Returns the number of words.
 */
function writeTaps(inputSize: number, outputSize: number, target: Int32Array): number {
  const scale = inputSize / outputSize;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  const stride = strideOf(inputSize, outputSize);
  const raw = new Float64Array(stride);
  for (let out = 0; out < outputSize; out++) {
    const entry = out * (stride + 2);
    const center = (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      raw[tap] = bicubic((tap + start - center + 0.5) * (1 / stretch));
      sum += raw[tap];
    }
    target[entry] = start;
    target[entry + 1] = count;
    for (let tap = 0; tap < count; tap++) {
      const fixed = (raw[tap] / sum) * (1 << PRECISION_BITS);
      target[entry + 2 + tap] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
  }
  return outputSize * (stride + 2);
}

/** Keys' cubic with a = −1/2. */
function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}
