import { upload } from '../upload.ts';
import { computeTaps, tapStride } from '../../lib/taps.ts';

const FIRST_WORDS = 1 << 16;
/** Maximum size: a larger table is started anew instead of grown, unless one batch needs more. */
const MAX_WORDS = 1 << 23;

/** Position of the taps for one input size: `outputSize` entries of 2 + stride words. */
export interface TapPlace {
  readonly offset: number;
  readonly stride: number;
}

/**
 * Filter weights on the GPU, computed once for every input size that occurs: resizing `size` pixels to `outputSize`
 * depends on nothing else.
 */
export interface TapTable {
  /** Computes the taps of all given input sizes. Invalidates the places of earlier calls. May replace `buffer`. */
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
    if (words < MAX_WORDS) words *= 2;
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
        places.set(size, { offset: used + at, stride: tapStride(size, outputSize, 'bicubic') });
        at += writeTaps(size, outputSize, words.subarray(at));
      }
      if (at > 0) upload(device, buffer, used * 4, words);
      used += at;
      return places;
    },
    buffer: () => buffer,
    destroy: () => buffer.destroy(),
  };
}

const tapWords = (inputSize: number, outputSize: number): number =>
  outputSize * (tapStride(inputSize, outputSize, 'bicubic') + 2);

/** For every output position: first input, number of inputs, weights. Returns the number of words. */
function writeTaps(inputSize: number, outputSize: number, target: Int32Array): number {
  const { starts, counts, weights, stride } = computeTaps(inputSize, outputSize, 'bicubic');
  for (let out = 0; out < outputSize; out++) {
    const entry = out * (stride + 2);
    target[entry] = starts[out];
    target[entry + 1] = counts[out];
    target.set(weights.subarray(out * stride, (out + 1) * stride), entry + 2);
  }
  return outputSize * (stride + 2);
}
