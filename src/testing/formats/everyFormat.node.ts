import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import sharp, { type Sharp } from 'sharp';
import { sampleScene } from '../../data/scenes/samples.ts';
import type { Conversion, ImageDimensions, SkipReason } from '../../domain/images.ts';
import { writeTiff, type TiffPage } from '../tiff.ts';

/** What should become of an image of the folder. */
export type FormatCase = { readonly path: string } & (
  | {
      readonly expect: 'decode';
      readonly dimensions: ImageDimensions;
      readonly conversions: readonly Conversion[];
      /** Max difference of a level between decoders; 0 for lossless formats. */
      readonly tolerance: number;
    }
  | { readonly expect: 'skip'; readonly reason: SkipReason; readonly names: string }
);

const [WIDTH, HEIGHT] = [180, 120];

const decode = (path: string, more: Partial<Extract<FormatCase, { expect: 'decode' }>> = {}): FormatCase => ({
  path,
  expect: 'decode',
  dimensions: { width: WIDTH, height: HEIGHT, orientation: 1 },
  conversions: [],
  tolerance: 0,
  ...more,
});
const skip = (path: string, reason: SkipReason, names: string): FormatCase => ({ path, expect: 'skip', reason, names });
const turned = (orientation: ImageDimensions['orientation']) => ({
  dimensions: { width: HEIGHT, height: WIDTH, orientation },
});
const stretched = { conversions: ['stretched'] as const };

/** Every image of the folder that `writeEveryFormat` writes. */
export const EVERY_FORMAT: readonly FormatCase[] = [
  decode('photo.jpg', { tolerance: 2 }),
  decode('turned.jpg', { tolerance: 2, ...turned(6) }),
  decode('cmyk.jpg', { tolerance: 2 }),
  decode('plain.png'),
  decode('turned.png', turned(8)),
  decode('gray.png'),
  decode('palette.png'),
  decode('transparent.png'),
  decode('deep.png', stretched),
  decode('turned.webp', turned(5)),
  decode('photo.webp', { tolerance: 2 }),
  decode('photo.avif', { tolerance: 3 }),
  decode('image.gif'),
  decode('photo.heic'),
  // libheif turns it by itself.
  decode('turned.HEIC', turned(1)),
  decode('lzw.tif'),
  decode('no ending, in tiles'),
  decode('deep.tiff', stretched),
  decode('float.tif', stretched),
  decode('turned.tif', turned(6)),
  decode('many channels.tif', { conversions: ['first-channels'] }),
  decode('stack.tif#1'),
  skip('stack.tif#2', 'corrupt', 'pixels'),
  decode('stack.tif#3', stretched),
  skip('huge.tif', 'too-large', '400 megapixels'),
  skip('cut.tif', 'truncated', 'ends too early'),
  skip('cut.heic', 'truncated', 'ends too early'),
  skip('scan', 'unsupported', 'DICOM'),
  skip('slice.dcm', 'unsupported', 'DICOM'),
  skip('brain.nii', 'unsupported', 'NIfTI'),
  skip('brain.nii.gz', 'unsupported', 'NIfTI'),
  skip('camera.nef', 'unsupported', 'camera RAW'),
  skip('layers.psd', 'unsupported', 'Photoshop'),
  skip('scan.jp2', 'unsupported', 'JPEG 2000'),
  skip('film.mp4', 'not-an-image', 'a video'),
];

/** Writes one file of every kind. */
export async function writeEveryFormat(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries({ ...(await photographs()), ...(await tiffs()), ...refused() }))
    await writeFile(join(folder, name), bytes);
}

const scene = sampleScene(3, 4, 200).image;
const raw = { raw: { width: 200, height: 200, channels: 3 as const } };
const cut = (): Sharp => sharp(scene.data, raw).extract({ left: 10, top: 20, width: WIDTH, height: HEIGHT });
const heic = (name: string): Promise<Buffer> => readFile(new URL(name, import.meta.url));

async function photographs(): Promise<Record<string, Uint8Array>> {
  const rgb = await cut().raw().toBuffer();
  const alpha = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, at) =>
    at % 4 === 3 ? (at * 5) % 256 : rgb[Math.floor(at / 4) * 3 + (at % 4)],
  );
  // A camera of 12 bits.
  const deep = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, at) => rgb[at * 3] * 14 + (at % 13));
  const size = { width: WIDTH, height: HEIGHT };
  const whole = await heic('scene.heic');
  return {
    'photo.jpg': await cut().jpeg({ quality: 90 }).toBuffer(),
    'turned.jpg': await cut().withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer(),
    'cmyk.jpg': await cut().toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer(),
    'plain.png': await cut().png().toBuffer(),
    'turned.png': await cut().withMetadata({ orientation: 8 }).png().toBuffer(),
    'gray.png': await cut().grayscale().png().toBuffer(),
    'palette.png': await cut().png({ palette: true, colors: 60 }).toBuffer(),
    'transparent.png': encode({ ...size, data: alpha, channels: 4 }),
    'deep.png': encode({ ...size, data: deep, channels: 1, depth: 16 }),
    'turned.webp': await cut().withMetadata({ orientation: 5 }).webp({ lossless: true }).toBuffer(),
    'photo.webp': await cut().webp({ quality: 80 }).toBuffer(),
    'photo.avif': await cut().avif({ quality: 70, effort: 0 }).toBuffer(),
    'image.gif': await cut().gif().toBuffer(),
    'photo.heic': whole,
    'turned.HEIC': await heic('scene-turned.heic'),
    'cut.heic': whole.subarray(0, whole.length - 900),
  };
}

async function tiffs(): Promise<Record<string, Uint8Array>> {
  const rgb = new Uint8Array(await cut().raw().toBuffer());
  const gray = rgb.filter((_, at) => at % 3 === 1);
  const page = (samples: Uint8Array, tags: TiffPage['tags'] = {}): TiffPage => ({
    width: WIDTH,
    height: HEIGHT,
    blocks: [samples],
    tags: { 258: 8, 259: 1, 262: 1, 277: 1, ...tags },
  });
  const deep = new Uint8Array(Int16Array.from(gray, (level) => level * 90 - 9000).buffer);
  const float = new Uint8Array(Float32Array.from(gray, (level, at) => (at === 9 ? NaN : level / 7)).buffer);
  const many = Uint8Array.from({ length: gray.length * 6 }, (_, at) =>
    at % 6 < 3 ? rgb[Math.floor(at / 6) * 3 + (at % 6)] : 200,
  );
  const manyTags = { 258: [8, 8, 8, 8, 8, 8], 277: 6, 338: [0, 0, 0, 0, 0] };
  const damaged = page(Uint8Array.of(9, 9, 9), { 259: 8 });
  const whole = writeTiff([page(gray)]);
  return {
    'lzw.tif': await cut().tiff({ compression: 'lzw' }).toBuffer(),
    'no ending, in tiles': await cut()
      .tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 })
      .toBuffer(),
    'deep.tiff': await cut().toColourspace('rgb16').tiff({ compression: 'packbits' }).toBuffer(),
    'float.tif': writeTiff([page(float, { 258: 32, 339: 3 })]),
    'turned.tif': writeTiff([page(rgb, { 258: [8, 8, 8], 262: 2, 274: 6, 277: 3 })]),
    'many channels.tif': writeTiff([page(many, manyTags)]),
    'stack.tif': writeTiff([page(gray), damaged, page(deep, { 258: 16, 339: 2 })]),
    'huge.tif': writeTiff([{ ...page(gray), width: 20_000, height: 20_000 }]),
    // The directory comes first, so that its pixels are missing.
    'cut.tif': withoutPixels(whole, gray.length),
  };
}

/** The same file with its pixels said to lie behind its end. */
function withoutPixels(tiff: Uint8Array<ArrayBuffer>, length: number): Uint8Array {
  const [view, copy] = [new DataView(tiff.buffer), Uint8Array.from(tiff)];
  const directory = view.getUint32(4, true);
  for (let at = directory + 2; at < tiff.length - 4; at += 12) {
    if (view.getUint16(at, true) === 273) new DataView(copy.buffer).setUint32(at + 8, tiff.length - length / 2, true);
  }
  return copy;
}

/** The beginnings of files that aren't decoded. */
function refused(): Record<string, Uint8Array> {
  const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const dicom = latin1(`${'\0'.repeat(128)}DICM\x02\0\0\0UL\x04\0`);
  const nifti = latin1(`\x5c\x01\0\0${'\0'.repeat(340)}n+1\0${'\0'.repeat(100)}`);
  return {
    scan: dicom,
    'slice.dcm': latin1('\x08\0\x05\0CS\n\0ISO_IR 100'),
    'brain.nii': nifti,
    'brain.nii.gz': latin1('\x1f\x8b\x08\0\0\0\0\0\0\x03'),
    'camera.nef': latin1('MM\0*\0\0\0\b\0\0'),
    'layers.psd': latin1('8BPS\0\x01'),
    'scan.jp2': latin1('\0\0\0\x0cjP  \r\n\x87\n'),
    'film.mp4': latin1('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'),
  };
}
