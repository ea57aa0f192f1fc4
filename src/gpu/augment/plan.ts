import type { CachedImage } from './cache.ts';

/** One change of colors: blends as factors (1 changes nothing), hue in turns of the circle. */
export type PlannedColorStep =
  | { readonly kind: 'brightness' | 'contrast' | 'saturation'; readonly factor: number }
  | { readonly kind: 'hue'; readonly turns: number }
  | { readonly kind: 'gray' };

/** One view of an image: crop, mirror, colors in order (contrast and hue at most once), blur, solarize. */
export interface ViewRecipe {
  /** In whole pixels, within the image. */
  readonly box: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
  readonly flip: boolean;
  readonly colors: readonly PlannedColorStep[];
  /** In pixels of the view; absent where it isn't blurred. */
  readonly blurSigma?: number;
  readonly solarize: boolean;
}

/** A view and the image that it is cut from. */
export interface PlannedView {
  readonly recipe: ViewRecipe;
  readonly image: CachedImage;
}

/** Throws RangeError for a box that is empty or leaves its image. */
export function checkBox({ recipe: { box }, image }: PlannedView): void {
  const { top, left, height, width } = box;
  if (top < 0 || left < 0 || height < 1 || width < 1 || top + height > image.height || left + width > image.width)
    throw new RangeError(`crop ${left},${top} ${width}×${height} leaves its ${image.width}×${image.height} image`);
}

/** Views that one dispatch resizes: of one page, their rows together within the buffer for them. */
interface ResizeGroup {
  readonly page: GPUBuffer;
  readonly views: readonly number[];
  /** Rows of the tallest box. */
  readonly maxRows: number;
}

/** Offset of each view's rows between the two passes of resizing, in words, and the views per dispatch. */
interface RowLayout {
  readonly groups: readonly ResizeGroup[];
  readonly places: readonly number[];
  /** Words of the largest group. */
  readonly words: number;
}

/** `pitch` words per row. A group stays within `maxWords`, unless a single view is larger. */
export function layOutRows(views: readonly PlannedView[], pitch: number, maxWords: number): RowLayout {
  const places = new Array<number>(views.length).fill(0);
  const groups: { page: GPUBuffer; views: number[]; maxRows: number; words: number }[] = [];
  const open = new Map<GPUBuffer, (typeof groups)[number]>();
  views.forEach(({ recipe, image: { page } }, view) => {
    const rows = recipe.box.height;
    let group = open.get(page);
    if (!group || group.words + rows * pitch > maxWords) {
      group = { page, views: [], maxRows: 0, words: 0 };
      open.set(page, group);
      groups.push(group);
    }
    places[view] = group.words;
    group.views.push(view);
    group.maxRows = Math.max(group.maxRows, rows);
    group.words += rows * pitch;
  });
  return { groups, places, words: Math.max(...groups.map(({ words }) => words)) };
}
