import type { CSSProperties } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place is at most this much longer than wide, or wider than long; an image beyond that leaves room beside it. */
const MAX_RATIO = 2;

/** Style of the place of an image, which has its proportions as far as the page allows. */
export function placeStyle(size: Size): CSSProperties {
  return { aspectRatio: String(placeRatio(size)) };
}

/** Width over height of an image's place. */
export function placeRatio({ width, height }: Size): number {
  return Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, width / height));
}

/** Style of the whole image within its place. */
export function wholeStyle({ width, height }: Size): CSSProperties {
  const isLong = height > MAX_RATIO * width;
  return { aspectRatio: `${width} / ${height}`, ...(isLong ? { height: '100%' } : { width: '100%' }) };
}
