import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { isRefusal } from './refusal.ts';
import { HEAD_BYTES, sniffFormat, sniffImage } from './sniff.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const sniff = (bytes: Uint8Array) => {
  const sniffed = sniffFormat(bytes.subarray(0, HEAD_BYTES));
  if (isRefusal(sniffed)) return sniffed;
  if (sniffed.format === 'tiff') throw new Error('a TIFF');
  return sniffImage(bytes, sniffed.format);
};
/** Result for some bytes: `format width×height`, or the reason for skipping them. */
const outcome = (bytes: Uint8Array): string => {
  const result = sniff(bytes);
  return isRefusal(result) ? result.reason : `${result.format} ${result.width}×${result.height}`;
};

const noise = createRandom('pixels');
const pixels = Uint8Array.from({ length: 61 * 37 * 3 }, () => noise.integer(256));
const image = sharp(pixels, { raw: { width: 61, height: 37, channels: 3 } });
const encoded: Record<string, Promise<Uint8Array>> = {
  jpeg: image.clone().jpeg().toBuffer(),
  'progressive jpeg': image.clone().jpeg({ progressive: true }).toBuffer(),
  png: image.clone().png().toBuffer(),
  gif: image.clone().gif().toBuffer(),
  webp: image.clone().webp().toBuffer(),
  'lossless webp': image.clone().webp({ lossless: true }).toBuffer(),
  'webp with exif': image.clone().webp().withMetadata({ orientation: 6 }).toBuffer(),
  avif: image.clone().avif({ effort: 0 }).toBuffer(),
};

describe.each(Object.keys(encoded))('%s', (kind) => {
  const format = kind.split(' ').find((word) => ['jpeg', 'png', 'gif', 'webp', 'avif'].includes(word));

  it('detects format and size', async () => {
    expect(outcome(await encoded[kind])).toBe(`${format} 61×37`);
  });

  it('detects truncation at any length', async () => {
    const bytes = await encoded[kind];
    // The last byte of a GIF is an optional trailer; the one before it ends the frame.
    const lengths = [64, 0.1, 0.3, 0.5, 0.9, bytes.length - 2].map((x) => (x < 1 ? Math.ceil(bytes.length * x) : x));
    for (const length of lengths) expect(outcome(bytes.subarray(0, length)), `${length}`).toBe('truncated');
  });

  it('never throws on damaged bytes', async () => {
    const bytes = await encoded[kind];
    const random = createRandom(kind);
    for (let round = 0; round < 300; round++) {
      const damaged = Uint8Array.from(
        bytes.subarray(0, random.chance(0.5) ? bytes.length : random.integer(bytes.length)),
      );
      // Mostly in the headers, which hold sizes and offsets.
      for (let hit = 0; hit < 4; hit++)
        damaged[random.integer(random.chance(0.7) ? 120 : bytes.length)] = random.integer(256);
      expect(() => outcome(damaged)).not.toThrow();
    }
  });
});

it('reads the orientation of a WebP', async () => {
  expect(sniff(await encoded['webp with exif'])).toMatchObject({ orientation: 6 });
});

it('detects one flipped bit in the pixels of a PNG', async () => {
  const bytes = Uint8Array.from(await encoded.png);
  bytes[200] ^= 4;
  expect(outcome(bytes)).toBe('corrupt');
});

it('accepts a JPEG with junk between its segments and a ZIP after its end', async () => {
  const jpeg = await encoded.jpeg;
  // After the first segment, whose length follows its marker.
  const at = 4 + ((jpeg[4] << 8) | jpeg[5]);
  const bytes = Uint8Array.of(...jpeg.subarray(0, at), 7, 0, 255, 0, ...jpeg.subarray(at), ...latin1('PK\x05\x06'));
  expect(outcome(bytes)).toBe('jpeg 61×37');
});

it('accepts an animated AVIF', async () => {
  const bytes = Uint8Array.from(await encoded.avif);
  const end = (bytes[2] << 8) | bytes[3];
  bytes.set(latin1('avis'), 8);
  bytes.fill(0x78, 16, end);
  expect(outcome(bytes)).toBe('avif 61×37');
});

/** A BMP of 24 bits without its pixels. */
function bmp(width: number, height: number, bytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint16(0, 0x424d);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(28, 24, true);
  return new Uint8Array(view.buffer);
}

it('reads a BMP, also stored top-down, and checks its length', () => {
  // 5 pixels of 3 bytes are padded to rows of 16 bytes.
  expect(outcome(bmp(5, -7, 54 + 16 * 7))).toBe('bmp 5×7');
  expect(outcome(bmp(5, 7, 54 + 16 * 7 - 1))).toBe('truncated');
});

it('reads the largest image of an icon, where 0 means 256', () => {
  const icon = new Uint8Array(6 + 32 + 50);
  icon.set([0, 0, 1, 0, 2, 0]);
  icon.set([16, 16, 0, 0, 1, 0, 32, 0, 20, 0, 0, 0, 38, 0, 0, 0], 6);
  icon.set([0, 48, 0, 0, 1, 0, 32, 0, 30, 0, 0, 0, 58, 0, 0, 0], 22);
  expect(outcome(icon)).toBe('ico 256×48');
  expect(outcome(icon.subarray(0, 80))).toBe('truncated');
});

it('reads the size of a JPEG XL stream, in both encodings', () => {
  // Least significant bit first: small = 1, height (31 + 1) · 8, ratio 5 (16:9).
  expect(outcome(Uint8Array.of(0xff, 0x0a, 0b01_11111_1, 0b1, 0))).toBe('jxl 455×256');
  // small = 0, height: selector 0 with 9 bits (299 + 1), ratio 0, width: selector 0 with 9 bits (399 + 1).
  const bits = '0' + '00' + '110101001' + '000' + '00' + '111100011';
  const stream = [0, 8, 16, 24].map((at) =>
    parseInt(
      Array.from(bits.slice(at, at + 8))
        .reverse()
        .join('') || '0',
      2,
    ),
  );
  expect(outcome(Uint8Array.of(0xff, 0x0a, ...stream))).toBe('jxl 400×300');
});

describe('limits', () => {
  it.each([
    [10_000, 10_000, 'truncated'],
    [10_000, 10_001, 'too-large'],
    [16_384, 1, 'truncated'],
    [16_385, 1, 'too-large'],
    [0, 5, 'corrupt'],
  ])('%i × %i pixels: %s', (width, height, expected) => {
    expect(outcome(bmp(width, height, 60))).toBe(expected);
  });

  it('are named with the numbers in the detail', () => {
    expect(sniff(bmp(20_000, 20_000, 60))).toEqual({
      reason: 'too-large',
      detail:
        '20000 × 20000 pixels (400 megapixels); the limit is 100 megapixels and 16384 a side. Shrink it to use it.',
    });
  });
});

it.each([
  ['', 'empty', '0 bytes'],
  ['II*\0\x10\0\0\0CR\x02\0', 'unsupported', 'RAW'],
  ['\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'not-an-image', 'video'],
  ['8BPS\0\x01', 'unsupported', 'Photoshop'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'unsupported', 'JPEG 2000'],
  ['P6\n200 200\n255\n', 'unsupported', 'PPM'],
  ['<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="">', 'unsupported', 'SVG'],
  ['<!DOCTYPE html><p>404', 'not-an-image', 'web page'],
  ['%PDF-1.7\n', 'not-an-image', 'PDF'],
  ['PK\x03\x04', 'not-an-image', 'ZIP'],
  ['BMW 320, BMW 520', 'not-an-image', 'text'],
  ['\0\0\0\0\0\0\0\0', 'not-an-image', 'zero bytes'],
  ['\x03\x9a\x11\xfe', 'not-an-image', 'no known'],
])('%j is refused: %s (%s)', (bytes, reason, word) => {
  const refusal = sniffFormat(latin1(bytes));
  expect(refusal).toMatchObject({ reason, detail: expect.stringContaining(word) });
});

it('reports UTF-8 text with an image name as text', () => {
  expect(sniff(encode('Grüße aus Köln\n'))).toMatchObject({
    reason: 'not-an-image',
    detail: expect.stringMatching(/text/),
  });
});
