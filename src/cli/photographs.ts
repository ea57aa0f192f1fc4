import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodePageBytes } from '../data/decode/decode.node.ts';
import { splitPagePath } from '../data/decode/pagePath.ts';
import { resizeCrop } from '../data/resample.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import type { Photographs } from '../inference/masks/maskWriter.ts';

const JPEG_QUALITY = 90;

/** The photographs of a folder, from their files; without a folder, the sample scenes. */
export function openPhotographs(folder: string | undefined, images: ImageSource): Photographs {
  return {
    read: async (index, width, height) => {
      const image = await (folder === undefined
        ? images.get(index)
        : readFrom(folder, images.path(index), Math.min(width, height)));
      const whole = { top: 0, left: 0, width, height };
      return resizeCrop(image, { width, height }, whole, 'bilinear');
    },
    encodeJpeg: ({ data, width, height }) =>
      sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: JPEG_QUALITY })
        .toBuffer(),
  };
}

async function readFrom(folder: string, path: string, size: number): Promise<RgbImage> {
  const isFile = existsSync(join(folder, path));
  const { path: file, page } = isFile ? { path, page: 1 } : splitPagePath(path);
  const decoded = await decodePageBytes(await readFile(join(folder, file)), file, page, { shorter: size });
  if ('image' in decoded) return decoded.image;
  throw new UserError('images/gone', `"${path}" can't be read any more: ${decoded.skipped.detail}`);
}
