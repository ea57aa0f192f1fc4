import { BLUR_PASSES, extendedBox, type ExtendedBox } from '../../lib/extendedBox.ts';
import type { RgbImage } from '../../domain/images.ts';

const HALF = 1 << 23;

/**
 * Pillow's Gaussian blur: three passes of an extended box (Gwosdek et al. 2011, "Theoretical foundations of Gaussian
 * convolution by extended box filtering"), along rows and then along columns; borders repeat. Each pass rounds to
 * 8 bits. `sigma` in pixels.
 */
export function gaussianBlur({ width, height, data }: RgbImage, sigma: number): RgbImage {
  const box = extendedBox(sigma);
  const result = new Uint8Array(data);
  if (box.outerWeight === 0 && box.radius === 0) return { width, height, data: result };
  const blurLine = createLineBlur(Math.max(width, height), box);
  const rowLength = width * 3;
  for (let row = 0; row < height; row++)
    for (let channel = 0; channel < 3; channel++) blurLine(result, row * rowLength + channel, width, 3);
  for (let column = 0; column < rowLength; column++) blurLine(result, column, height, rowLength);
  return { width, height, data: result };
}

type LineBlur = (data: Uint8Array, start: number, length: number, step: number) => void;

/** Returns a function that blurs one line of one channel in place. All calls share two scratch lines. */
function createLineBlur(maxLength: number, box: ExtendedBox): LineBlur {
  const pad = box.radius + 1;
  const one = new Uint8Array(maxLength + 2 * pad);
  const other = new Uint8Array(maxLength + 2 * pad);
  return (data, start, length, step) => {
    for (let x = 0, at = start; x < length; x++, at += step) one[pad + x] = data[at];
    for (let pass = 0; pass < BLUR_PASSES; pass++)
      blurPass(pass % 2 === 0 ? one : other, pass % 2 === 0 ? other : one, length, box);
    const result = BLUR_PASSES % 2 === 0 ? one : other;
    for (let x = 0, at = start; x < length; x++, at += step) data[at] = result[pad + x];
  };
}

/** Applies one box pass to a line with radius + 1 cells of margin on both sides; fills the margins of `from`. */
function blurPass(from: Uint8Array, to: Uint8Array, length: number, box: ExtendedBox): void {
  const { radius, innerWeight, outerWeight } = box;
  const pad = radius + 1;
  const first = from[pad];
  const last = from[pad + length - 1];
  for (let x = 0; x < pad; x++) {
    from[x] = first;
    from[pad + length + x] = last;
  }
  let sum = 0;
  for (let x = 1; x < 2 * pad; x++) sum += from[x];
  for (let x = 0; x < length; x++) {
    const incoming = from[x + 2 * pad];
    const outer = from[x] + incoming;
    // 32-bit unsigned: wraps as int32 on the way, and is exact modulo 2^32.
    to[pad + x] = (Math.imul(sum, innerWeight) + Math.imul(outer, outerWeight) + HALF) >>> 24;
    sum += incoming - from[x + 1];
  }
}
