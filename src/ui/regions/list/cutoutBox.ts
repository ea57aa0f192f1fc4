/** A part of a photograph, as fractions of it. */
export interface CutoutBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: CutoutBox = { left: 0, top: 0, width: 1, height: 1 };

/** What is shown around a region, as a fraction of its longer side. */
const MARGIN = 0.12;

/** The box of a region with some of what is around it. `boxes` [N,4] as in `RegionColumns`. */
export function cutoutBox(boxes: Float32Array, region: number, photograph: { readonly ratio: number }): CutoutBox {
  const [left, top, right, bottom] = boxes.subarray(4 * region, 4 * region + 4);
  // Equal on all sides in pixels: heights count `ratio` times (width over height) less.
  const around = MARGIN * Math.max(right - left, (bottom - top) / photograph.ratio);
  const from = { x: Math.max(0, left - around), y: Math.max(0, top - around * photograph.ratio) };
  const to = { x: Math.min(1, right + around), y: Math.min(1, bottom + around * photograph.ratio) };
  return { left: from.x, top: from.y, width: to.x - from.x, height: to.y - from.y };
}

const [MIN_SIDE, MAX_SIDE] = [128, 1024];

/**
 * Longer side of the copy of a photograph that shows a box in a place of so many device pixels: a power of two, so that the
 * regions of a photograph share few copies.
 */
export function cutoutSide(
  box: CutoutBox,
  photograph: { readonly width: number; readonly height: number },
  place: { readonly width: number; readonly height: number },
): number {
  const scale = Math.min(place.width / (box.width * photograph.width), place.height / (box.height * photograph.height));
  const wanted = scale * Math.max(photograph.width, photograph.height);
  if (!(wanted > 0)) return 0;
  return Math.min(MAX_SIDE, Math.max(MIN_SIDE, 2 ** Math.ceil(Math.log2(wanted) - 0.25)));
}
