import { prototypeColours, type Colour } from '../lib/palette.ts';
import { packRgba } from './paint.ts';

interface Palette {
  readonly colours: readonly Colour[];
  readonly packed: Uint32Array;
}

/** One run is on the screen at a time, so one palette is kept. */
let kept: Palette | undefined;

function paletteOf(count: number): Palette {
  if (kept?.colours.length !== count) {
    const colours = prototypeColours(count);
    kept = { colours, packed: Uint32Array.from(colours, (colour) => packRgba(colour)) };
  }
  return kept;
}

/** The stable colour of a prototype. */
export function prototypeRgb(index: number, count: number): Colour {
  return paletteOf(count).colours[index] ?? [128, 128, 128];
}

/** The same for style sheets. */
export function prototypeCss(index: number, count: number): string {
  return `rgb(${prototypeRgb(index, count).join(' ')})`;
}

/** All colours of a run as 32-bit words for `paintLabels`. */
export function packedPalette(count: number): Uint32Array {
  return paletteOf(count).packed;
}
