import type { RgbImage } from '../../domain/images.ts';

/**
 * Color operations on 8-bit RGB. Each rounds to 8 bits as Pillow does, with 32-bit floats where Pillow has them: the
 * published code trains on images that Pillow changed.
 */

/** Blends with black: factor 0 gives black, 1 the image. */
export function adjustBrightness(image: RgbImage, factor: number): RgbImage {
  return mapLevels(image, blendTable(0, factor));
}

/** Blends with the image's mean gray: factor 0 gives that gray, 1 the image. */
export function adjustContrast(image: RgbImage, factor: number): RgbImage {
  const { data } = image;
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += luma(data[at], data[at + 1], data[at + 2]);
  const mean = Math.trunc(sum / (data.length / 3) + 0.5);
  return mapLevels(image, blendTable(mean, factor));
}

/** Blends with the grayscale image: factor 0 gives grayscale, 1 the image. */
export function adjustSaturation(image: RgbImage, factor: number): RgbImage {
  const { width, height, data } = image;
  const alpha = Math.fround(factor);
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const gray = luma(data[at], data[at + 1], data[at + 2]);
    result[at] = blend(gray, data[at], alpha);
    result[at + 1] = blend(gray, data[at + 1], alpha);
    result[at + 2] = blend(gray, data[at + 2], alpha);
  }
  return { width, height, data: result };
}

/**
 * Turns the hue by `turns` (−0.5…0.5 of the circle) in 8-bit HSV, whose hue has 255 steps per turn and wraps at 256:
 * the shift is truncated to whole steps first.
 */
export function adjustHue(image: RgbImage, turns: number): RgbImage {
  const { width, height, data } = image;
  const shift = Math.trunc(turns * 255) & 255;
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) turnPixel(data, result, at, shift);
  return { width, height, data: result };
}

/** Converts to gray (ITU-R 601 luma) in all three channels. */
export function toGray({ width, height, data }: RgbImage): RgbImage {
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3)
    result[at] = result[at + 1] = result[at + 2] = luma(data[at], data[at + 1], data[at + 2]);
  return { width, height, data: result };
}

/** Inverts every level from 128 up. */
export function solarize(image: RgbImage): RgbImage {
  return mapLevels(
    image,
    Uint8Array.from({ length: 256 }, (_, level) => (level < 128 ? level : 255 - level)),
  );
}

/** 601 luma in 16-bit fixed point, rounded. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** `from + alpha (to − from)`, cut to 0…255 and truncated; `alpha` must be a 32-bit float. */
function blend(from: number, to: number, alpha: number): number {
  const value = Math.fround(from + Math.fround(alpha * (to - from)));
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

function blendTable(from: number, factor: number): Uint8Array {
  const alpha = Math.fround(factor);
  const table = new Uint8Array(256);
  for (let level = 0; level < 256; level++) table[level] = blend(from, level, alpha);
  return table;
}

function mapLevels({ width, height, data }: RgbImage, table: Uint8Array): RgbImage {
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) result[at] = table[data[at]];
  return { width, height, data: result };
}

/** Converts one pixel to 8-bit HSV, shifts its hue and converts back. */
function turnPixel(source: Uint8Array, target: Uint8Array, at: number, shift: number): void {
  const red = source[at];
  const green = source[at + 1];
  const blue = source[at + 2];
  const value = Math.max(red, green, blue);
  const chroma = value - Math.min(red, green, blue);
  const saturation = chroma === 0 ? 0 : Math.trunc(Math.fround(chroma / value) * 255);
  if (saturation === 0) {
    target[at] = target[at + 1] = target[at + 2] = value;
    return;
  }
  const hue = (hueOf(red, green, blue, value, chroma) + shift) & 255;
  const sixths = (hue * 6) / 255;
  const sector = Math.floor(sixths);
  const along = Math.fround(sixths - sector);
  const strength = Math.fround(saturation / 255);
  const low = Math.round(value * (1 - strength));
  const falling = Math.round(value * (1 - Math.fround(strength * along)));
  const rising = Math.round(value * (1 - strength * (1 - along)));
  // Sector 6 is hue 255, a full turn.
  const turn = sector % 6;
  target[at] = turn === 0 || turn === 5 ? value : turn === 1 ? falling : turn === 4 ? rising : low;
  target[at + 1] = turn === 1 || turn === 2 ? value : turn === 0 ? rising : turn === 3 ? falling : low;
  target[at + 2] = turn === 3 || turn === 4 ? value : turn === 2 ? rising : turn === 5 ? falling : low;
}

/** Hue of a colored pixel in 0…255. */
function hueOf(red: number, green: number, blue: number, value: number, chroma: number): number {
  const toRed = Math.fround((value - red) / chroma);
  const toGreen = Math.fround((value - green) / chroma);
  const toBlue = Math.fround((value - blue) / chroma);
  const sixths = red === value ? toBlue - toGreen : green === value ? 2 + toRed - toBlue : 4 + toGreen - toRed;
  return Math.trunc(Math.fround((Math.fround(sixths) / 6 + 1) % 1) * 255);
}
