import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageDimensions, Orientation } from '../../domain/images.ts';
import { decodePageBytes } from '../decode/decode.node.ts';
import { fitMask } from './fitMask.ts';
import type { Mask } from './mask.ts';

const mask = (width: number, height: number): Mask => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, at) => at),
});
const image = (width: number, height: number, orientation: Orientation = 1): ImageDimensions => ({
  width,
  height,
  orientation,
});

describe('a mask of the stored pixels of a photograph', () => {
  it.each([5, 6, 7, 8] as const)('meets it, turned by orientation %i', async (orientation) => {
    // Each pixel's value is in its mask, so the decoder says where it belongs.
    const stored = mask(5, 3);
    const raw = { width: 5, height: 3, channels: 1 } as const;
    const bytes = await sharp(
      stored.data.map((value) => 10 * value),
      { raw },
    )
      .toColourspace('srgb')
      .withMetadata({ orientation })
      .webp({ lossless: true })
      .toBuffer();
    const decoded = await decodePageBytes(bytes, 'a.webp', 1, { longer: 5 });
    if ('skipped' in decoded) throw new Error(decoded.skipped.detail);
    expect(decoded.dimensions).toEqual(image(3, 5, orientation));
    const shown = decoded.image.data.filter((_, at) => at % 3 === 0).map((value) => value / 10);
    expect(fitMask(stored, decoded.dimensions, 'a.png')).toEqual({ width: 3, height: 5, data: shown });
  });

  it('meets it resized', () => {
    expect(fitMask(mask(50, 33), image(1000, 1500, 6), 'a.png')).toMatchObject({ width: 33, height: 50 });
  });
});

it('takes a mask of the upright size or shape as it is, also where both fit', () => {
  for (const [one, of] of [
    [mask(30, 50), image(30, 50, 6)],
    [mask(3, 5), image(30, 50, 8)],
    [mask(40, 40), image(40, 40, 6)],
    [mask(50, 30), image(50, 30, 3)],
    // The stored size, rather than a shape that might be either.
    [mask(100, 100), image(100, 100, 5)],
    [mask(128, 85), image(1600, 1067)],
    [mask(1600, 1067), image(128, 85)],
  ] as const) {
    expect(fitMask(one, of, 'a.png')).toBe(one);
  }
});

it('refuses a mask of another shape, naming both sizes', () => {
  for (const of of [image(160, 90), image(50, 30), image(49, 30), image(60, 30, 6)]) {
    const message = `The mask "a.png" has 40×30 pixels, and its image ${of.width}×${of.height}.`;
    expect(() => fitMask(mask(40, 30), of, 'a.png')).toThrow(message);
  }
});
