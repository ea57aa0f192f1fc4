import { useMemo } from 'react';
import type { RgbImage } from '../../domain/images.ts';
import { paintImage } from '../../domain/imagePaint.ts';
import type { Thumbnail } from '../../worker/contracts.ts';
import type { Preview } from './Photograph.tsx';

/** A small image as a preview. */
export function useImagePreview({ width, height, data }: RgbImage): Preview {
  return useMemo(() => ({ width, height, paint: (out) => paintImage(data, out) }), [width, height, data]);
}

export function useThumbnailPreview({ width, height, data }: Thumbnail): Preview {
  return useMemo(
    () => ({ width, height, paint: (out) => out.set(new Uint32Array(data.buffer)) }),
    [width, height, data],
  );
}
