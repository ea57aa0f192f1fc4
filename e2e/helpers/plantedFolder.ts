import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { sampleScene } from '../../src/data/scenes/samples.ts';

/** What is hidden in a folder. */
export interface Planted {
  readonly images: number;
  /** Paths below the folder: an image and what was made of it. */
  readonly duplicates: readonly (readonly [original: string, copy: string])[];
  /** Images like no other. */
  readonly outliers: readonly string[];
}

const SIDE = 96;
const DAY_S = 86_400;

/** Scenes, one after the other. */
export function* drawnScenes(count: number): Generator<Sharp> {
  for (let index = 0; index < count; index++) {
    const { data } = sampleScene(7, index, SIDE).image;
    yield sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
  }
}

/** The files of a folder, all of which are pictures. */
export function* picturesIn(folder: string): Generator<Sharp> {
  for (const file of readdirSync(folder)) yield sharp(join(folder, file));
}

/**
 * Writes a folder of these pictures in albums, of which some are there again (resized, compressed more, mirrored, or all of it), and
 * patterns like none of them. Files are a day apart.
 */
export async function writePlanted(
  folder: string,
  pictures: Iterable<Sharp>,
  { duplicates, outliers }: { duplicates: number; outliers: number },
): Promise<Planted> {
  let images = 0;
  const write = async (path: string, picture: Sharp, quality = 90): Promise<void> => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await picture.jpeg({ quality }).toBuffer());
    const date = 1.7e9 + DAY_S * images++;
    utimesSync(file, date, date);
  };
  const pairs: [string, string][] = [];
  let index = 0;
  for (const picture of pictures) {
    const path = `album-${index % 5}/picture-${String(index).padStart(5, '0')}.jpg`;
    await write(path, picture.clone());
    if (index < duplicates) {
      const copy = `copies/copy-${String(index).padStart(2, '0')}.jpg`;
      await write(copy, ...(await changed(picture, index)));
      pairs.push([path, copy]);
    }
    index++;
  }
  const odd = Array.from({ length: outliers }, (_, index) => `odd/odd-${index}.jpg`);
  for (const [index, path] of odd.entries()) await write(path, oddPicture(index));
  return { images, duplicates: pairs, outliers: odd };
}

/** In turn: resized, compressed more, mirrored, and all of it. */
async function changed(picture: Sharp, turn: number): Promise<[Sharp, number]> {
  const [resizes, compresses, mirrors] = [turn % 4 === 0, turn % 4 === 1, turn % 4 === 2].map(
    (one) => one || turn % 4 === 3,
  );
  const { width } = await picture.metadata();
  const sized = resizes ? picture.resize(Math.round(width * (turn % 8 < 4 ? 2 / 3 : 5 / 3))) : picture;
  return [mirrors ? sized.flop() : sized, compresses ? 40 : 90];
}

/** Patterns in the colors of signs, each another one. */
function oddPicture(index: number): Sharp {
  const data = Buffer.alloc(3 * SIDE * SIDE);
  const colors = [0, 1].map((which) =>
    [0, 1, 2].map((channel) => (((index + 3 * which) >> channel) % 2 === 0 ? 255 : 0)),
  );
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const color = colors[PATTERNS[index % PATTERNS.length](x, y, 2 + (index % 4)) ? 0 : 1];
      data.set(color, 3 * (y * SIDE + x));
    }
  }
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
}

const PATTERNS: readonly ((x: number, y: number, period: number) => boolean)[] = [
  (x, y, period) => (Math.floor(x / period) + Math.floor(y / period)) % 2 === 0,
  (x, _y, period) => x % (2 * period) < period,
  (x, y, period) => (x * y) % (4 * period) < 2 * period,
];
