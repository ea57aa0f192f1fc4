import type { Samples } from '../pixels/storedPixels.ts';

/** Expands indices by a color map: all reds, then greens, then blues, of 16 bits each. */
export function createPalette(colorMap: readonly number[]): (indices: Samples) => Uint8Array {
  // Some programs write maps of 8 bits.
  const scale = colorMap.some((value) => value > 255) ? 257 : 1;
  const levels = Uint8Array.from(colorMap, (value) => Math.round(value / scale));
  const colors = levels.length / 3;
  return (indices) => {
    const rgb = new Uint8Array(indices.length * 3);
    for (let from = 0, to = 0; from < indices.length; from++) {
      for (let at = indices[from]; at < levels.length; at += colors) rgb[to++] = levels[at];
      to = (from + 1) * 3;
    }
    return rgb;
  };
}

/** Full-range YCbCr as in JPEG (ITU-R BT.601). */
export function yCbCrToRgb(samples: Samples): Uint8Array {
  const rgb = new Uint8ClampedArray(samples.length);
  for (let at = 0; at < samples.length; at += 3) {
    const [y, cb, cr] = [samples[at], samples[at + 1] - 128, samples[at + 2] - 128];
    rgb[at] = y + 1.402 * cr;
    rgb[at + 1] = y - 0.344136 * cb - 0.714136 * cr;
    rgb[at + 2] = y + 1.772 * cb;
  }
  return new Uint8Array(rgb.buffer);
}

/** Brings gray levels of fewer than 8 bits to 8; small numbers may be bright. */
export function createLevels(bits: number, isInverted: boolean): (samples: Samples) => Uint8Array {
  const max = 2 ** bits - 1;
  const levels = Uint8Array.from({ length: max + 1 }, (_, value) =>
    Math.round(((isInverted ? max - value : value) * 255) / max),
  );
  return (samples) => Uint8Array.from(samples, (value) => levels[value]);
}
