import { computeTaps, PRECISION_BITS, type Filter, type Taps } from '../lib/taps.ts';
import type { RgbImage } from '../domain/images.ts';

/** A crop in whole pixels of its image: top row, left column, height, width (the field's usual order). */
export interface CropBox {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Crops `box`, then resizes it; pixels outside the box have no influence. Integer arithmetic as in
 * Pillow (rows first, rounded to 8 bits, then columns), so the result equals Pillow's bit for bit.
 * The box must lie within the image.
 */
export function cropResize(
  image: RgbImage,
  box: CropBox,
  outHeight: number,
  outWidth: number,
  filter: Filter,
): RgbImage {
  const { top, left, height, width } = box;
  if (top < 0 || left < 0 || height < 1 || width < 1 || top + height > image.height || left + width > image.width)
    throw new RangeError(`crop ${left},${top} ${width}×${height} leaves its ${image.width}×${image.height} image`);
  const rows = resizeRows(image, box, computeTaps(width, outWidth, filter), outWidth);
  return {
    width: outWidth,
    height: outHeight,
    data: resizeColumns(rows, outWidth, outHeight, computeTaps(height, outHeight, filter)),
  };
}

/** Pixels of a box within the image. */
export function cropImage(image: RgbImage, { top, left, height, width }: CropBox): RgbImage {
  if (height === image.height && width === image.width) return image;
  const data = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/** Size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const HALF = 1 << (PRECISION_BITS - 1);

function resizeRows(image: RgbImage, box: CropBox, taps: Taps, outWidth: number): Uint8ClampedArray {
  const { starts, counts, weights, stride } = taps;
  const source = image.data;
  const result = new Uint8ClampedArray(box.height * outWidth * 3);
  let target = 0;
  for (let row = 0; row < box.height; row++) {
    const rowStart = ((box.top + row) * image.width + box.left) * 3;
    for (let out = 0; out < outWidth; out++) {
      let at = rowStart + starts[out] * 3;
      const firstWeight = out * stride;
      const lastWeight = firstWeight + counts[out];
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let tap = firstWeight; tap < lastWeight; tap++, at += 3) {
        const weight = weights[tap];
        red = (red + Math.imul(source[at], weight)) | 0;
        green = (green + Math.imul(source[at + 1], weight)) | 0;
        blue = (blue + Math.imul(source[at + 2], weight)) | 0;
      }
      result[target++] = red >> PRECISION_BITS;
      result[target++] = green >> PRECISION_BITS;
      result[target++] = blue >> PRECISION_BITS;
    }
  }
  return result;
}

function resizeColumns(source: Uint8ClampedArray, width: number, outHeight: number, taps: Taps): Uint8Array {
  const { starts, counts, weights, stride } = taps;
  const rowLength = width * 3;
  const result = new Uint8ClampedArray(outHeight * rowLength);
  for (let out = 0; out < outHeight; out++) {
    const firstWeight = out * stride;
    const lastWeight = firstWeight + counts[out];
    const firstRow = starts[out] * rowLength;
    for (let x = 0; x < rowLength; x++) {
      let sum = HALF;
      for (let tap = firstWeight, at = firstRow + x; tap < lastWeight; tap++, at += rowLength)
        sum = (sum + Math.imul(source[at], weights[tap])) | 0;
      result[out * rowLength + x] = sum >> PRECISION_BITS;
    }
  }
  return new Uint8Array(result.buffer);
}

/**
 * Resizes the whole image, which shows `extent` pixels of a scene: less than its own size where its last column or row lies
 * partly outside.
 */
export function resizeExtent(image: RgbImage, extent: Size, { width, height }: Size, filter: Filter): RgbImage {
  if (image.width === width && image.height === height) return image;
  const whole = { top: 0, left: 0, height: image.height, width: image.width };
  const rows = resizeRows(image, whole, computeTaps(extent.width, width, filter), width);
  return { width, height, data: resizeColumns(rows, width, height, computeTaps(extent.height, height, filter)) };
}

/**
 * Evaluation transform: the shorter side becomes `resize` pixels, then the central `crop` × `crop` square is cut.
 * `crop` must not exceed `resize`.
 */
export function resizeCenterCrop(image: RgbImage, resize: number, crop: number, filter: Filter): RgbImage {
  if (crop > resize) throw new RangeError(`a crop of ${crop} px doesn't fit a shorter side of ${resize} px`);
  const { width, height } = resizedSize(image, resize);
  const [top, left] = [roundHalfToEven((height - crop) / 2), roundHalfToEven((width - crop) / 2)];
  return resizeCrop(image, { width, height }, { top, left, width: crop, height: crop }, filter);
}

/** Size of an image whose shorter side is brought to `resize` pixels. */
export function resizedSize({ width, height }: Size, resize: number): Size {
  return width <= height
    ? { width: resize, height: Math.trunc((resize * height) / width) }
    : { width: Math.trunc((resize * width) / height), height: resize };
}

/** Resizes the whole image to `size`, then crops `box`; computes only the pixels of the box. */
export function resizeCrop(image: RgbImage, size: Size, box: CropBox, filter: Filter): RgbImage {
  const { top, left, height, width } = box;
  const across = computeTaps(image.width, size.width, filter, left, left + width);
  const down = computeTaps(image.height, size.height, filter, top, top + height);
  // The rows that the box depends on.
  const first = down.starts[0];
  const last = down.starts[height - 1] + down.counts[height - 1];
  const rows = resizeRows(image, { top: first, left: 0, height: last - first, width: image.width }, across, width);
  const within = { ...down, starts: down.starts.map((start) => start - first) };
  return { width, height, data: resizeColumns(rows, width, height, within) };
}

/** Mirrors the image left to right. */
export function flipHorizontal({ width, height, data }: RgbImage): RgbImage {
  const flipped = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    let target = row * width * 3;
    for (let source = target + (width - 1) * 3; source >= row * width * 3; source -= 3) {
      flipped[target++] = data[source];
      flipped[target++] = data[source + 1];
      flipped[target++] = data[source + 2];
    }
  }
  return { width, height, data: flipped };
}

/** Python's `round`, which the published sizes and offsets rely on: a half goes to the even neighbor. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
