import { packRgba } from '../../../domain/segmentPaint.ts';
import type { Color } from '../../../domain/palette.ts';
import type { MapGroups } from './mapGroups.ts';

/** Fraction of its color that a dimmed point keeps; the rest is the background's. */
const KEPT = 0.22;

/** Packed color of each region, [N]. `marked`: the only regions in full color, 1 each, [N]; all if missing. */
export function pointColors({ of, groups }: MapGroups, background: Color, marked?: Uint8Array): Uint32Array {
  const full = Uint32Array.from(groups, ({ color }) => packRgba(color));
  const dim = Uint32Array.from(groups, ({ color }) => packRgba(mixed(color, background)));
  const colors = new Uint32Array(of.length);
  for (let region = 0; region < of.length; region++) {
    colors[region] = (marked && marked[region] === 0 ? dim : full)[of[region]];
  }
  return colors;
}

function mixed([red, green, blue]: Color, [toRed, toGreen, toBlue]: Color): Color {
  const mix = (from: number, to: number): number => Math.round(KEPT * from + (1 - KEPT) * to);
  return [mix(red, toRed), mix(green, toGreen), mix(blue, toBlue)];
}
