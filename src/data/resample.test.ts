import { expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { cropResize, resizeCenterCrop, resizeCrop, resizedSize } from './resample.ts';

it.each([
  [40, 40, 24],
  [61, 40, 24],
  [17, 53, 24],
  [30, 20, 20],
  [9, 200, 16],
])('equals a crop of the whole resized image for %i×%i', (width, height, resize) => {
  const random = createRandom(`${width}/${height}`);
  const image = { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
  const size = resizedSize(image, resize);
  expect(Math.min(size.width, size.height)).toBe(resize);
  const whole = cropResize(image, { top: 0, left: 0, width, height }, size.height, size.width, 'bilinear');
  const cut = (top: number, left: number): Uint8Array =>
    Uint8Array.from({ length: resize * resize * 3 }, (_, at) => {
      const [row, column] = [Math.floor(at / (resize * 3)), at % (resize * 3)];
      return whole.data[((top + row) * size.width + left) * 3 + column];
    });
  const [down, across] = [size.height - resize, size.width - resize];
  for (const fraction of [0, 0.3, 1]) {
    const [top, left] = [Math.floor(fraction * down), Math.floor(fraction * across)];
    const box = { top, left, width: resize, height: resize };
    expect(resizeCrop(image, size, box, 'bilinear').data).toEqual(cut(top, left));
  }
  // Halves round to even.
  const half = (value: number): number => (value % 4 === 3 ? (value + 1) / 2 : Math.floor(value / 2));
  expect(resizeCenterCrop(image, resize, resize, 'bilinear').data).toEqual(cut(half(down), half(across)));
});
