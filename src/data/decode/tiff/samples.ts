import type { Samples } from '../pixels/storedPixels.ts';

/** How the samples of a block are stored. */
export interface BlockLayout {
  readonly bits: readonly number[];
  /** 1 unsigned, 2 signed, 3 float. */
  readonly sampleFormat: number;
  readonly predictor: number;
  readonly isLittleEndian: boolean;
  readonly rows: number;
  readonly rowSamples: number;
  /** Samples from a pixel to the next. */
  readonly stride: number;
}

/** Turns the bytes of a block into numbers; undefined bytes are zeros. Throws if there are too few. */
export function unpackSamples(packed: ArrayBuffer | undefined, layout: BlockLayout): Samples {
  const { rows, rowSamples, sampleFormat } = layout;
  const [bits] = layout.bits;
  const count = rows * rowSamples;
  const bytes = rows * Math.ceil((rowSamples * bits) / 8);
  const buffer = packed ?? new ArrayBuffer(bytes);
  if (buffer.byteLength < bytes) throw new Error(`a block has ${buffer.byteLength} bytes instead of ${bytes}`);
  if (![8, 16, 32, 64].includes(bits)) return unpackBits(new Uint8Array(buffer), layout, bits);
  const samples = new Uint8Array(buffer, 0, bytes);
  // geotiff undoes the predictor of floats into little-endian order.
  if (bits > 8 && !layout.isLittleEndian && layout.predictor !== 3) swapBytes(samples, bits / 8);
  if (layout.predictor === 2) addDifferences(unsignedView(buffer, bits, count), layout);
  if (sampleFormat === 3) {
    if (bits === 16) return Float32Array.from(new Uint16Array(buffer, 0, count), fromHalf);
    return bits === 32 ? new Float32Array(buffer, 0, count) : new Float64Array(buffer, 0, count);
  }
  if (sampleFormat !== 2) return unsignedView(buffer, bits, count);
  return new (bits === 8 ? Int8Array : bits === 16 ? Int16Array : Int32Array)(buffer, 0, count);
}

type Unsigned = Uint8Array | Uint16Array | Uint32Array;

function unsignedView(buffer: ArrayBuffer, bits: number, count: number): Unsigned {
  return new (bits === 8 ? Uint8Array : bits === 16 ? Uint16Array : Uint32Array)(buffer, 0, count);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Undoes the horizontal predictor: samples are stored as differences from the pixel to the left. */
function addDifferences(samples: Unsigned, { rowSamples, stride }: BlockLayout): void {
  for (let start = 0; start < samples.length; start += rowSamples) {
    for (let at = start + stride; at < start + rowSamples; at++) samples[at] += samples[at - stride];
  }
}

/** Samples of 1 to 31 bits, the first in the highest ones; rows begin at a byte. */
function unpackBits(
  bytes: Uint8Array,
  { rows, rowSamples }: BlockLayout,
  bits: number,
): Uint8Array | Uint16Array | Uint32Array {
  const samples = new (bits < 8 ? Uint8Array : bits < 16 ? Uint16Array : Uint32Array)(rows * rowSamples);
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  for (let row = 0, to = 0; row < rows; row++) {
    let [value, held, from] = [0, 0, row * rowBytes];
    for (let sample = 0; sample < rowSamples; sample++) {
      for (; held < bits; held += 8) value = value * 256 + bytes[from++];
      held -= bits;
      const rest = 2 ** held;
      samples[to++] = Math.floor(value / rest);
      value %= rest;
    }
  }
  return samples;
}

/** Half-precision number of 16 bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}
