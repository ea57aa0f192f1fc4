/** The visible part of an image: its corner in pixels of the image, and page pixels per image pixel. */
export interface ZoomWindow {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** Size of an image, in its pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Size of the place where the image is shown, in page pixels. */
export interface Stage {
  readonly width: number;
  readonly height: number;
}

/** Maximum page pixels per image pixel. */
const MAX_SCALE = 48;

/** The whole image, in the middle. */
export function fitWindow(size: ImageSize, stage: Stage): ZoomWindow {
  const scale = Math.max(1e-3, Math.min(stage.width / size.width, stage.height / size.height));
  return clampWindow({ left: 0, top: 0, scale }, size, stage);
}

/** Enlarges by a factor around the point (x, y) of the stage. */
export function zoomAt(
  view: ZoomWindow,
  factor: number,
  x: number,
  y: number,
  size: ImageSize,
  stage: Stage,
): ZoomWindow {
  const minScale = fitWindow(size, stage).scale;
  const scale = Math.min(Math.max(view.scale * factor, minScale), Math.max(MAX_SCALE, minScale));
  const left = view.left + x / view.scale - x / scale;
  const top = view.top + y / view.scale - y / scale;
  return clampWindow({ left, top, scale }, size, stage);
}

/** Moves the image by (x, y) page pixels. */
export function panBy(view: ZoomWindow, x: number, y: number, size: ImageSize, stage: Stage): ZoomWindow {
  return clampWindow({ ...view, left: view.left - x / view.scale, top: view.top - y / view.scale }, size, stage);
}

/** The same part of the image on a stage of another size. */
export function toStage(view: ZoomWindow, from: Stage, to: Stage, size: ImageSize): ZoomWindow {
  if (from === to) return view;
  const fitted = fitWindow(size, to);
  if (isFitted(view, size, from)) return fitted;
  const scale = Math.max(view.scale, fitted.scale);
  const left = view.left + from.width / view.scale / 2 - to.width / scale / 2;
  const top = view.top + from.height / view.scale / 2 - to.height / scale / 2;
  return clampWindow({ left, top, scale }, size, to);
}

export function isFitted(view: ZoomWindow, size: ImageSize, stage: Stage): boolean {
  return view.scale <= fitWindow(size, stage).scale * 1.001;
}

/**
 * Longer side of the copy to draw at `scale` device pixels per image pixel: the file's own, halved while that is enough, so
 * that zooming needs few copies and each is drawn at half its size or more.
 */
export function copySide({ width, height }: ImageSize, scale: number): number {
  const longer = Math.max(width, height);
  return Math.ceil(longer / 2 ** Math.max(0, Math.floor(-Math.log2(scale))));
}

/** Place in the image at (x, y) of the stage, both coordinates from 0 to 1; undefined outside the image. */
export function placeAt(
  view: ZoomWindow,
  x: number,
  y: number,
  size: ImageSize,
): { readonly x: number; readonly y: number } | undefined {
  const place = { x: (view.left + x / view.scale) / size.width, y: (view.top + y / view.scale) / size.height };
  return place.x >= 0 && place.y >= 0 && place.x < 1 && place.y < 1 ? place : undefined;
}

/** Keeps an image larger than the stage filling it, and a smaller one in the middle. */
function clampWindow({ left, top, scale }: ZoomWindow, size: ImageSize, { width, height }: Stage): ZoomWindow {
  const along = (start: number, visible: number, all: number): number =>
    visible >= all ? (all - visible) / 2 : Math.min(Math.max(start, 0), all - visible);
  return { left: along(left, width / scale, size.width), top: along(top, height / scale, size.height), scale };
}
