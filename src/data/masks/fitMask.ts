import type { ImageDimensions } from '../../domain/images.ts';
import { UserError } from '../../lib/errors.ts';
import { swapsSides, uprightSteps } from '../decode/orientation.ts';
import type { Mask } from './mask.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Returns a mask as its image is shown: upright. A mask of the upright image's size, or else shape, is used as it is; one of
 * the shape of the pixels as they are stored, before their EXIF orientation, is turned as they are. Throws
 * `metrics/mask-size`, naming the file, if it has neither shape.
 */
export function fitMask(mask: Mask, image: ImageDimensions, name: string): Mask {
  const stored = swapsSides(image.orientation) ? { width: image.height, height: image.width } : image;
  if (isSameSize(mask, image)) return mask;
  if (isSameSize(mask, stored)) return turned(mask, image);
  if (isSameShape(mask, image)) return mask;
  if (isSameShape(mask, stored)) return turned(mask, image);
  throw new UserError(
    'metrics/mask-size',
    `The mask "${name}" has ${sizeOf(mask)} pixels, and its image ${sizeOf(image)}. A mask needs the shape of its image; was one of them cropped?`,
  );
}

const isSameSize = (one: Size, other: Size): boolean => one.width === other.width && one.height === other.height;

/** One may be the other resized, with sides rounded to whole pixels. */
function isSameShape(one: Size, other: Size): boolean {
  const rounding = Math.max(one.width, one.height, other.width, other.height);
  return Math.abs(one.width * other.height - one.height * other.width) <= rounding;
}

const sizeOf = ({ width, height }: Size): string => `${width}×${height}`;

/** Applies the orientation of an image to a mask of its stored pixels. */
function turned({ width, height, data }: Mask, { orientation }: ImageDimensions): Mask {
  const { size, origin, right, down } = uprightSteps(width, height, orientation);
  const upright = data.slice();
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++) upright[origin + x * right + y * down] = data[from++];
  }
  return { ...size, data: upright };
}
