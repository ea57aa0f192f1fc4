import { prototypeColour } from '../lib/palette.ts';
import { packRgba, type Rgb } from './paint.ts';

/** The stable colour of a prototype, in the forms that canvases and style sheets take. */
export function prototypeRgb(index: number, count: number): Rgb {
  return prototypeColour(index, count);
}

export function prototypeCss(index: number, count: number): string {
  return `rgb(${prototypeRgb(index, count).join(' ')})`;
}

let cached: { readonly count: number; readonly palette: Uint32Array } | undefined;

/** All colours of a run as 32-bit words; one run is on the screen at a time, so one palette is kept. */
export function packedPalette(count: number): Uint32Array {
  if (cached?.count !== count) {
    cached = {
      count,
      palette: Uint32Array.from({ length: count }, (_, index) => packRgba(prototypeRgb(index, count))),
    };
  }
  return cached.palette;
}
