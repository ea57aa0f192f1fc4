import { zlibSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DecodedFile } from '../../../domain/images.ts';
import { writeTiff, type TiffPage } from '../../../testing/tiff.ts';
import { decodeBytes } from '../decode.node.ts';
import type { FileImage } from '../decode.ts';

const [WIDTH, HEIGHT] = [21, 14];
const PIXELS = WIDTH * HEIGHT;
const gray = Uint8Array.from({ length: PIXELS }, (_, at) => (at * 37 + (at >> 3)) % 256);
const rgb = Uint8Array.from({ length: PIXELS * 3 }, (_, at) => (at * 53 + (at >> 4)) % 256);
const spread = (levels: ArrayLike<number>): number[] => Array.from(levels).flatMap((level) => [level, level, level]);

async function imagesOf(bytes: Uint8Array, path = 'a.tif'): Promise<FileImage[]> {
  const images: FileImage[] = [];
  for await (const image of decodeBytes(bytes, path, { longer: 1000 })) images.push(image);
  return images;
}
async function imageOf(bytes: Uint8Array): Promise<DecodedFile> {
  const [image] = await imagesOf(bytes);
  if ('skipped' in image) throw new Error(image.skipped.detail);
  return image;
}
const levelsOf = async (bytes: Uint8Array): Promise<number[]> => [...(await imageOf(bytes)).image.data];

const page = (samples: Uint8Array, tags: TiffPage['tags']): TiffPage => ({
  width: WIDTH,
  height: HEIGHT,
  blocks: [samples],
  tags: { 259: 1, 277: 1, 258: 8, 262: 1, ...tags },
});
const tiff = (samples: Uint8Array, tags: TiffPage['tags'], isLittleEndian = true): Uint8Array =>
  writeTiff([page(samples, tags)], isLittleEndian);
const bytesOf = (values: Uint16Array | Int16Array | Uint32Array | Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(values.buffer);

describe.each(['none', 'lzw', 'deflate', 'packbits'] as const)('compression %s', (compression) => {
  it.each([
    ['strips', {}],
    ['tiles', { tile: true, tileWidth: 16, tileHeight: 16 }],
    ['a predictor', { predictor: 'horizontal' as const }],
  ])('reads the pixels in %s', async (_, options) => {
    const written = sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).tiff({
      compression,
      ...options,
    });
    const { image, dimensions, conversions } = await imageOf(await written.toBuffer());
    expect([...image.data]).toEqual([...rgb]);
    expect(dimensions).toEqual({ width: WIDTH, height: HEIGHT, orientation: 1 });
    expect(conversions).toEqual([]);
  });
});

it('reads planes, palettes, few bits and small numbers that are bright', async () => {
  const planes = [0, 1, 2].map((plane) => rgb.filter((_, at) => at % 3 === plane));
  const planar = { ...page(gray, { 277: 3, 258: [8, 8, 8], 262: 2, 284: 2 }), blocks: planes };
  expect(await levelsOf(writeTiff([planar]))).toEqual([...rgb]);
  expect(await levelsOf(tiff(gray, { 262: 0 }))).toEqual(spread(gray.map((level) => 255 - level)));
  const colors = Array.from({ length: 768 }, (_, at) => ((at * 7) % 256) * 257);
  const looked = Array.from(gray).flatMap((index) => [0, 256, 512].map((plane) => colors[plane + index] / 257));
  expect(await levelsOf(tiff(gray, { 262: 3, 320: colors }))).toEqual(looked);
  // Four bits, rows of 21 pixels in 11 bytes.
  const nibbles = gray.map((level) => level >> 4);
  const packed = Uint8Array.from({ length: HEIGHT * 11 }, (_, at) => {
    const first = Math.floor(at / 11) * WIDTH + (at % 11) * 2;
    return (nibbles[first] << 4) | (at % 11 === 10 ? 0 : nibbles[first + 1]);
  });
  expect(await levelsOf(tiff(packed, { 258: 4 }))).toEqual(spread(nibbles.map((value) => value * 17)));
});

describe('more than 8 bits', () => {
  // A camera's 12 bits: 0 to 4080.
  const expected = spread(gray);
  const deep = Uint16Array.from(gray, (level) => level * 16);
  const swapped = Uint8Array.from(bytesOf(deep), (_, at) => bytesOf(deep)[at ^ 1]);
  const differences = deep.map((value, at) => (at % WIDTH === 0 ? value : value - deep[at - 1]));
  const swappedDifferences = Uint8Array.from(bytesOf(differences), (_, at) => bytesOf(differences)[at ^ 1]);
  const int16 = { 258: 16, 339: 2 };
  it.each([
    ['16 bits', tiff(bytesOf(deep), { 258: 16 })],
    ['16 bits, most significant byte first', tiff(swapped, { 258: 16 }, false)],
    ['differences of 16 bits', tiff(zlibSync(bytesOf(differences)), { 258: 16, 259: 8, 317: 2 })],
    ['the same, swapped', tiff(zlibSync(swappedDifferences), { 258: 16, 259: 8, 317: 2 }, false)],
    ['signed', tiff(bytesOf(Int16Array.from(gray, (level) => level * 100 - 12000)), int16)],
    ['32 bits', tiff(bytesOf(Uint32Array.from(gray, (level) => level * 1e7)), { 258: 32 })],
    ['float', tiff(bytesOf(Float32Array.from(gray, (level) => level / 8 - 3)), { 258: 32, 339: 3 })],
    ['double', tiff(bytesOf(Float64Array.from(gray, (level) => level * 1e200)), { 258: 64, 339: 3 })],
  ])('%s is stretched from its darkest to its brightest', async (_, bytes) => {
    const { image, conversions } = await imageOf(bytes);
    expect(conversions).toEqual(['stretched']);
    expect([...image.data]).toEqual(expected);
  });

  it('float with a predictor, as libtiff writes it', async () => {
    const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 1 as const } };
    const float = sharp(Float32Array.from(gray), raw).toColourspace('grey16');
    const bytes = await float.tiff({ compression: 'deflate', predictor: 'float' }).toBuffer();
    expect(await levelsOf(bytes)).toEqual(expected);
  });

  it('NaN and missing values have no part in the range', async () => {
    const values = Float32Array.from(gray, (level, at) => (at === 5 ? NaN : at === 6 ? -9999 : level));
    const found = await levelsOf(tiff(bytesOf(values), { 258: 32, 339: 3, 42113: '-9999' }));
    expect(found).toEqual(spread(gray.map((level, at) => (at === 5 || at === 6 ? 0 : level))));
  });
});

it('composites alpha, and reads the first three of many channels', async () => {
  const channels = (count: number, value: (pixel: number, channel: number) => number): Uint8Array =>
    Uint8Array.from({ length: PIXELS * count }, (_, at) => value(Math.floor(at / count), at % count));
  const cut = channels(2, (pixel, channel) => (channel === 0 ? gray[pixel] : (pixel % 2) * 255));
  const levels = await levelsOf(tiff(cut, { 277: 2, 258: [8, 8], 338: 2 }));
  expect(levels).toEqual(spread(gray.map((level, pixel) => (pixel % 2 === 0 ? 128 : level))));
  const many = channels(5, (pixel, channel) => (channel < 3 ? rgb[pixel * 3 + channel] : 255));
  const { image, conversions } = await imageOf(tiff(many, { 277: 5, 258: [8, 8, 8, 8, 8], 338: [0, 0, 0, 0] }));
  expect([...image.data]).toEqual([...rgb]);
  expect(conversions).toEqual(['first-channels']);
});

it('turns an image upright by its orientation', async () => {
  const { image, dimensions } = await imageOf(tiff(gray, { 274: 6 }));
  expect(dimensions).toEqual({ width: HEIGHT, height: WIDTH, orientation: 6 });
  // The first stored row is the right-hand column.
  expect(image.data[(HEIGHT - 1) * 3]).toBe(gray[0]);
  expect(image.data[(2 * HEIGHT - 1) * 3]).toBe(gray[1]);
});

it('yields every page; a broken one is skipped by its number, smaller copies are no pages', async () => {
  const good = page(gray, {});
  const copy = page(gray, { 254: 1 });
  const broken = { ...page(gray, { 258: [8], 259: 8 }), blocks: [Uint8Array.of(1, 2, 3)] };
  const huge = { ...good, width: 20_000, height: 20_000 };
  const odd = page(gray, { 259: 50000 });
  const found = await imagesOf(writeTiff([good, copy, broken, huge, odd, good]), 'b/stack.tif');
  expect(found.map((one) => ('skipped' in one ? `${one.skipped.path} ${one.skipped.reason}` : one.path))).toEqual([
    'b/stack.tif#1',
    'b/stack.tif#2 corrupt',
    'b/stack.tif#3 too-large',
    'b/stack.tif#4 unsupported',
    'b/stack.tif#5',
  ]);
  const whole = writeTiff([good, good]);
  // The second directory lies at the end.
  const cut = await imagesOf(whole.subarray(0, whole.length - 20), 'c.tif');
  expect(cut.map((one) => ('skipped' in one ? `${one.skipped.path} ${one.skipped.reason}` : one.path))).toEqual([
    'c.tif#1',
    'c.tif#2 truncated',
  ]);
  expect((await imagesOf(writeTiff([good, copy])))[0]).toMatchObject({ path: 'a.tif' });
});

it('refuses camera RAW files that are TIFF inside', async () => {
  const preview = tiff(gray, { 254: 1, 271: 'NIKON', 330: 8 });
  for (const [bytes, path] of [
    [preview, 'no ending'],
    [tiff(gray, {}), 'DSC_1.NEF'],
    [tiff(gray, { 50706: 1 }), 'a.tif'],
  ] as const)
    expect(await imagesOf(bytes, path)).toMatchObject([
      { skipped: { reason: 'unsupported', detail: expect.stringContaining('RAW') } },
    ]);
});
