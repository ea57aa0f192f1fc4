import type { ImageSource, Orientation } from '../domain/images.ts';

/** Black images of these names; their files have this size. */
export function imagesOf(
  paths: readonly string[],
  { width, height }: { readonly width: number; readonly height: number },
  orientation: Orientation = 1,
): ImageSource {
  return {
    name: 'images',
    count: paths.length,
    fingerprint: paths.join(),
    path: (index) => paths[index],
    dimensions: () => ({ width, height, orientation }),
    get: () => Promise.resolve({ width, height, data: new Uint8Array(width * height * 3) }),
  };
}
