import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { crc32 } from '../../src/lib/zip/crc32.ts';

/** Draws an image of a few colors, different for each `seed`. */
export function drawImage(seed: number, width = 48, height = 40): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at++) data[at] = (at * (seed + 3) + ((at / (width * 3)) | 0) * 7 * seed) % 256;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Creates a small file whose header claims a PNG of this size. */
export async function claimingPng(width: number, height: number): Promise<Buffer> {
  const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  // The header chunk, from its type to its last byte, then its checksum.
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

/**
 * Writes images among other common files. Returns the number of usable ones, and the skipped ones with their reasons.
 */
export async function oddFolder(folder: string): Promise<{ usable: number; skipped: Record<string, string> }> {
  const whole = await drawImage(1);
  const transparent = sharp({ create: { width: 30, height: 30, channels: 4, background: '#ff000080' } });
  write(folder, {
    'a.jpg': whole,
    'b/c/ünïcode name #1.jpg': await drawImage(2),
    'b/lies.png': await drawImage(3),
    'no ending': await drawImage(4),
    'transparent.png': await transparent.png().toBuffer(),
    'turned.jpg': await sharp(whole).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'text.jpg': 'I am a text.',
    'empty.jpg': '',
    'cut.jpg': whole.subarray(0, whole.length / 2),
    'huge.png': await claimingPng(20_000, 20_000),
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    '.DS_Store': 'hidden',
    '._a.jpg': 'hidden',
    '__MACOSX/a.jpg': whole,
    'notes.txt': 'not meant as a picture',
  });
  const skipped = {
    'text.jpg': 'not-an-image',
    'empty.jpg': 'empty',
    'cut.jpg': 'truncated',
    'huge.png': 'too-large',
    'drawing.svg': 'unsupported',
  };
  return { usable: 6, skipped };
}

export async function folderOfPictures(folder: string, count: number): Promise<string> {
  for (let seed = 0; seed < count; seed++) write(folder, { [`${seed}.jpg`]: await drawImage(seed) });
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
