import { stripRows, type DeepSamples, type StoredPixels, type Samples } from './storedPixels.ts';

/** Range of samples that becomes black to white. */
export interface SampleRange {
  readonly low: number;
  readonly high: number;
}

/** Fraction of the samples that may lie below the range, and above it. */
const TAIL = 0.001;
/** Percentiles are taken of at most so many samples, spread evenly. */
const MAX_SAMPLES = 2 ** 18;

/**
 * Range from the 0.1 to the 99.9 percentile of all channels together, without alpha. NaN and missing values are ignored. Where
 * fewer than one sample in a thousand differs from the rest it is the whole range.
 */
export async function findRange(stored: StoredPixels, deep: DeepSamples): Promise<SampleRange> {
  const values = (await pickSamples(stored, deep)).sort();
  const last = values.length - 1;
  if (last < 0) return { low: 0, high: 0 };
  const [low, high] = [values[Math.floor(TAIL * last)], values[Math.ceil((1 - TAIL) * last)]];
  return low < high ? { low, high } : { low: values[0], high: values[last] };
}

async function pickSamples(
  { width, height, channels, rows }: StoredPixels,
  { missing }: DeepSamples,
): Promise<Float64Array> {
  const colors = channels < 3 ? 1 : 3;
  const step = coprimeStep((width * height * colors) / MAX_SAMPLES, width);
  const picked = new Float64Array(Math.ceil((width * height) / step) * colors);
  let [count, next] = [0, 0];
  const strip = stripRows(width);
  for (let top = 0; top < height; top += strip) {
    const samples = await rows(top, Math.min(strip, height - top));
    const pixels = samples.length / channels;
    for (; next < pixels; next += step) {
      for (let at = next * channels; at < next * channels + colors; at++) {
        const value = samples[at];
        if (Number.isFinite(value) && value !== missing) picked[count++] = value;
      }
    }
    next -= pixels;
  }
  return picked.subarray(0, count);
}

/** Step of at least `least` pixels that visits every column. */
function coprimeStep(least: number, width: number): number {
  let step = Math.max(1, Math.ceil(least));
  while (greatestDivisor(step, width) > 1) step++;
  return step;
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

/** Returns a function from samples to 8-bit levels: colors by `range`, alpha by its full value, NaN and missing values to 0. */
export function createStretch(
  { channels }: StoredPixels,
  { opaque, isInverted = false, missing }: DeepSamples,
  { low, high }: SampleRange,
): (samples: Samples) => Uint8Array {
  const scale = high > low ? 255 / (high - low) : 0;
  const level = (value: number): number => {
    if (Number.isNaN(value) || value === missing) return 0;
    const stretched = Math.round(Math.max(0, Math.min(255, (value - low) * scale)));
    return isInverted ? 255 - stretched : stretched;
  };
  const hasAlpha = channels === 2 || channels === 4;
  let table: Uint8Array | undefined;
  const tableOf16Bits = (): Uint8Array => (table ??= Uint8Array.from({ length: 65536 }, (_, value) => level(value)));
  return (samples) => {
    const levels = new Uint8Array(samples.length);
    if (samples instanceof Uint16Array) {
      const known = tableOf16Bits();
      for (let at = 0; at < samples.length; at++) levels[at] = known[samples[at]];
    } else {
      for (let at = 0; at < samples.length; at++) levels[at] = level(samples[at]);
    }
    for (let at = channels - 1; hasAlpha && at < samples.length; at += channels) {
      levels[at] = Math.round(Math.max(0, Math.min(255, (samples[at] / opaque) * 255)));
    }
    return levels;
  };
}
