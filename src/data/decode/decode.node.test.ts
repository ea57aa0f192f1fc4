import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from './decode.node.ts';
import type { Orientation, RgbImage } from '../../domain/images.ts';
import type { FileImage } from './decode.ts';

const ODD = new URL('../../testing/odd/', import.meta.url);

/** The images of a file. */
async function imagesOf(bytes: Uint8Array, path = 'a', workingSize = 256): Promise<FileImage[]> {
  const images: FileImage[] = [];
  for await (const image of decodeBytes(bytes, path, { shorter: workingSize })) images.push(image);
  return images;
}

async function decoded(bytes: Uint8Array, workingSize = 256): Promise<RgbImage> {
  const [result] = await imagesOf(bytes, 'a', workingSize);
  if ('skipped' in result) throw new Error(result.skipped.detail);
  return result.image;
}

describe('odd files', async () => {
  const json = await readFile(new URL('outcomes.json', ODD), 'utf8');
  const outcomes = JSON.parse(json) as { file: string; what: string; outcome: string }[];
  it.each(outcomes)('$file ($what): $outcome', async ({ file, outcome }) => {
    const [result] = await imagesOf(await readFile(new URL(file, ODD)), file);
    expect('skipped' in result ? result.skipped.reason : 'decoded').toBe(outcome);
    if ('skipped' in result)
      expect(result.skipped).toMatchObject({ path: file, detail: expect.stringMatching(/.\.$/) });
  });
});

/** Three by two blocks of 16 × 16 pixels, each of a different gray. */
const GRAYS = [
  [20, 60, 100],
  [140, 180, 220],
];
const blocks = sharp(
  Uint8Array.from(
    { length: 48 * 32 * 3 },
    (_, i) => GRAYS[Math.floor(i / 3 / 48 / 16)][Math.floor(((i / 3) % 48) / 16)],
  ),
  { raw: { width: 48, height: 32, channels: 3 } },
);

/** The grays in the middles of the blocks, row by row. */
function readBlocks({ width, height, data }: RgbImage): number[][] {
  return Array.from({ length: height / 16 }, (_, y) =>
    Array.from({ length: width / 16 }, (_, x) => data[((y * 16 + 8) * width + x * 16 + 8) * 3]),
  );
}

/** The grays upright: mirrored or rotated as EXIF says. */
function turnGrays(orientation: Orientation): number[][] {
  const turned = orientation > 4 ? GRAYS[0].map((_, x) => GRAYS.map((row) => row[x])) : GRAYS;
  const isMirrored = [2, 3, 6, 7].includes(orientation);
  const isFlipped = [3, 4, 7, 8].includes(orientation);
  const rows = isFlipped ? turned.toReversed() : turned;
  return rows.map((row) => (isMirrored ? row.toReversed() : row));
}

it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('turns orientation %i upright', async (orientation) => {
  const expected = turnGrays(orientation);
  const jpeg = await blocks.clone().withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
  const webp = await blocks.clone().withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
  for (const bytes of [jpeg, webp]) {
    const found = readBlocks(await decoded(bytes));
    expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
    found.flat().forEach((gray, i) => expect(Math.abs(gray - expected.flat()[i])).toBeLessThan(4));
  }
  // Orientation 6 is written by phones held upright: the first stored row is the right-hand column.
  if (orientation === 6) expect(expected).toEqual([[140, 20], [180, 60], [220, 100]]); // oxfmt-ignore
});

it('composites transparency on mid gray', async () => {
  const rgba = (...values: number[]) => sharp(Uint8Array.from(values), { raw: { width: 3, height: 1, channels: 4 } });
  const image = await decoded(await rgba(255, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 128).png().toBuffer());
  expect([...image.data.subarray(0, 6)]).toEqual([255, 0, 0, 128, 128, 128]);
  expect(Math.abs(image.data[6] - 64)).toBeLessThan(2);
});

it('shrinks so that the shorter side fits, also rotated images, and never enlarges', async () => {
  const size = async (input: Uint8Array, workingSize: number) => {
    const { width, height, data } = await decoded(input, workingSize);
    expect(data.length).toBe(width * height * 3);
    return [width, height];
  };
  const png = await blocks.clone().png().toBuffer();
  const turned = await blocks.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await size(png, 16)).toEqual([24, 16]);
  expect(await size(turned, 16)).toEqual([16, 24]);
  expect(await size(png, 100)).toEqual([48, 32]);
});

it('converts gray and palette images to three channels of 8 bits', async () => {
  const gray = blocks.clone().toColourspace('b-w');
  for (const bytes of [
    await gray.clone().png().toBuffer(),
    await blocks.clone().png({ palette: true, dither: 0 }).toBuffer(),
    await gray.clone().jpeg({ quality: 100 }).toBuffer(),
  ]) {
    const found = readBlocks(await decoded(bytes)).flat();
    found.forEach((value, i) => expect(Math.abs(value - GRAYS.flat()[i])).toBeLessThan(4));
  }
});

it('antialiases when shrinking', async () => {
  // The average of a checkerboard of single pixels is gray.
  const checks = Uint8Array.from({ length: 64 * 64 }, (_, i) => (((i % 64) ^ Math.floor(i / 64)) & 1) * 255);
  const png = await sharp(checks, { raw: { width: 64, height: 64, channels: 1 } })
    .png()
    .toBuffer();
  for (const value of (await decoded(png, 16)).data) expect(Math.abs(value - 127.5)).toBeLessThan(8);
});

it('reports formats that only browsers decode', async () => {
  const icon = Uint8Array.of(0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 0, 0, 0, 0, 22, 0, 0, 0);
  expect((await imagesOf(icon, 'a.ico'))[0]).toMatchObject({ skipped: { reason: 'unsupported' } });
});
