import type { Samples } from './storedPixels.ts';

/** Inks to RGB as browsers do without a color profile. */
export function cmykToRgb(cmyk: Samples): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const white = 255 - cmyk[from + 3];
    for (let ink = from; ink < from + 3; ink++) rgb[to++] = Math.round(((255 - cmyk[ink]) * white) / 255);
  }
  return rgb;
}
