import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DecodedFile, RgbImage } from '../../domain/images.ts';
import { createRandom } from '../../lib/random.ts';
import { decodedFile } from '../../testing/images.ts';
import { sampleScenes } from '../scenes/samples.ts';
import { decodePageBytes } from '../decode/decode.node.ts';
import { createFolderCensus } from './folderNotes.ts';

const SCENES = sampleScenes(60, 7);
const file = (image: RgbImage, overrides: Partial<DecodedFile> = {}): DecodedFile => ({
  ...decodedFile(image),
  dimensions: { width: 640, height: 480, orientation: 1 },
  ...overrides,
});
const scene = async (index: number, overrides: Partial<DecodedFile> = {}): Promise<DecodedFile> =>
  file(await SCENES.get(index), overrides);
/** Photographs of a slide: faint round cells at random places on a dark ground. */
function slide(seed: number): RgbImage {
  const random = createRandom(seed);
  const image = { width: 96, height: 96, data: new Uint8Array(96 * 96 * 3).fill(20) };
  for (let cell = 0; cell < 12; cell++) {
    const [left, top] = [random.integer(90), random.integer(90)];
    for (let at = 0; at < 36; at++) image.data.fill(60, ...pixel(left + (at % 6), top + Math.floor(at / 6)));
  }
  return image;
}
const pixel = (x: number, y: number): [number, number] => [(y * 96 + x) * 3, (y * 96 + x) * 3 + 3];

function texts(files: readonly DecodedFile[]): string[] {
  const census = createFolderCensus();
  for (const one of files) census.add(one);
  return census.notes().map(({ level, text }) => `${level}: ${text}`);
}
const repeat = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

describe('notes on a folder', () => {
  it('says nothing about different images, however faint', async () => {
    expect(texts(await Promise.all(repeat(60, (index) => scene(index))))).toEqual([]);
    expect(texts(repeat(40, (index) => file(slide(index))))).toEqual([]);
    expect(texts([])).toEqual([]);
  });

  it('tells black images and images of one color', () => {
    const plain = (level: number) => file({ width: 90, height: 60, data: new Uint8Array(90 * 60 * 3).fill(level) });
    const remedy = 'there is nothing in them to learn. Look at the files.';
    expect(texts(repeat(40, (index) => plain(index % 3)))).toEqual([
      `warning: All 40 images are black or of a single color: ${remedy}`,
    ]);
    expect(texts([...repeat(35, () => plain(0)), ...repeat(5, (index) => file(slide(index)))])).toEqual([
      `warning: 35 of 40 images are black or of a single color: ${remedy}`,
    ]);
  });

  it('tells too few different images, also where JPEGs of several sizes repeat them', async () => {
    const remedy = 'slots need variety, a hundred images or more are better.';
    expect(texts(await Promise.all(repeat(12, (index) => scene(index))))).toEqual([
      `warning: Only 12 images: ${remedy}`,
    ]);
    const saved = async (index: number): Promise<DecodedFile> => {
      const { width, height, data } = await SCENES.get(index % 12);
      const raw = sharp(data, { raw: { width, height, channels: 3 } });
      const jpeg = raw.resize({ width: 200 + 30 * (index % 5) }).jpeg({ quality: 40 + 10 * (index % 6) });
      const decoded = await decodePageBytes(await jpeg.toBuffer(), 'scene.jpg', 1, { shorter: 64 });
      if ('skipped' in decoded) throw new Error(decoded.skipped.detail);
      return decoded;
    };
    expect(texts(await Promise.all(repeat(120, saved)))).toEqual([
      `warning: Only 12 different images among 120; the others nearly repeat them: ${remedy}`,
    ]);
  });

  it('tells a folder of duplicates', () => {
    expect(texts(repeat(500, (index) => file(slide(index % 40))))).toEqual([
      "warning: Nearly all images are duplicates: only 40 of 500 are different. More steps won't make up for variety.",
    ]);
    expect(texts(repeat(200, (index) => file(slide(index % 40))))).toEqual([]);
  });

  it('tells small images and what was converted, after the warnings', async () => {
    const small = { dimensions: { width: 63, height: 640, orientation: 1 } } as const;
    const files = repeat(40, (index) => {
      if (index === 0) return scene(index, small);
      if (index < 3) return scene(index, { conversions: ['stretched', 'first-channels'] });
      return scene(index, index === 3 ? { conversions: ['stretched'] } : {});
    });
    expect(texts(await Promise.all(files))).toEqual([
      'info: 1 image is under 64 pixels on a side: enlarged for training, it looks blurred.',
      'info: 3 images of more than 8 bits are stretched from their 0.1 to their 99.9 percentile, each by itself.',
      'info: 2 images have more than 4 channels: the first three are used.',
    ]);
    const both = { ...small, conversions: ['stretched'] } as const;
    expect(texts(await Promise.all(repeat(40, (index) => scene(index, both))))).toEqual([
      'warning: All 40 images are under 64 pixels on a side: enlarged for training, they look blurred.',
      'info: 40 images of more than 8 bits are stretched from their 0.1 to their 99.9 percentile, each by itself.',
    ]);
  });
});
