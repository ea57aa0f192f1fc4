/** The visible part of the map: the place at the corner of the stage, and pixels per unit of the map. */
export interface MapWindow {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** Size of the stage in pixels of the same kind as those of the window's scale. */
export interface MapStage {
  readonly width: number;
  readonly height: number;
}

export interface MapPlace {
  readonly x: number;
  readonly y: number;
}

/** The smallest box around points. */
export interface MapBounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Fraction of the stage that is left free around all points. */
const MARGIN = 0.05;
/** Pixels across the whole map, in stages: enough to tell neighbors of a hundred thousand apart. */
const MAX_STAGES = 400;

/** All points, in the middle. */
export function fitMap(bounds: MapBounds, stage: MapStage): MapWindow {
  const { minX, minY, maxX, maxY } = bounds;
  const room = 1 - 2 * MARGIN;
  const scale = Math.min(
    (room * stage.width) / Math.max(1e-6, maxX - minX),
    (room * stage.height) / Math.max(1e-6, maxY - minY),
  );
  return centerOn({ x: (minX + maxX) / 2, y: (minY + maxY) / 2 }, scale, stage);
}

/** The window of a scale whose middle is a place of the map. */
export function centerOn({ x, y }: MapPlace, scale: number, { width, height }: MapStage): MapWindow {
  return { left: x - width / scale / 2, top: y - height / scale / 2, scale };
}

/** MapPlace of the map at a pixel of the stage. */
export function mapPlaceAt({ left, top, scale }: MapWindow, { x, y }: MapPlace): MapPlace {
  return { x: left + x / scale, y: top + y / scale };
}

/** Pixel of the stage at a place of the map. */
export function pixelAt({ left, top, scale }: MapWindow, { x, y }: MapPlace): MapPlace {
  return { x: (x - left) * scale, y: (y - top) * scale };
}

/** Enlarges by a factor around a pixel of the stage. */
export function zoomMap(
  window: MapWindow,
  factor: number,
  at: MapPlace,
  bounds: MapBounds,
  stage: MapStage,
): MapWindow {
  const least = fitMap(bounds, stage).scale;
  const scale = Math.min(Math.max(window.scale * factor, least / 2), least * MAX_STAGES);
  const { x, y } = mapPlaceAt(window, at);
  return keepInSight({ left: x - at.x / scale, top: y - at.y / scale, scale }, bounds, stage);
}

/** Moves the map by so many pixels. */
export function panMap(window: MapWindow, by: MapPlace, bounds: MapBounds, stage: MapStage): MapWindow {
  const { left, top, scale } = window;
  return keepInSight({ left: left - by.x / scale, top: top - by.y / scale, scale }, bounds, stage);
}

/** Keeps the middle of the stage within the map. */
function keepInSight(window: MapWindow, { minX, minY, maxX, maxY }: MapBounds, stage: MapStage): MapWindow {
  const middle = mapPlaceAt(window, { x: stage.width / 2, y: stage.height / 2 });
  const x = Math.min(Math.max(middle.x, minX), maxX);
  const y = Math.min(Math.max(middle.y, minY), maxY);
  return centerOn({ x, y }, window.scale, stage);
}
