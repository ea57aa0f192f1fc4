import {
  centerOn,
  fitMap,
  panMap,
  mapPlaceAt,
  pixelAt,
  zoomMap,
  type MapWindow,
  type MapPlace,
  type MapStage,
} from './mapWindow.ts';
import { createMapPainter, type MapScene } from './painter.ts';
import { boundsOf, nearestPoint, pointsInside } from './findPoints.ts';

/** The map on a canvas: what is visible of it, and how to change that, once per frame and without React. */
export interface MapView {
  window(): MapWindow;
  middle(): MapPlace;
  /** All points, until it is moved. */
  fit(): void;
  pan(by: MapPlace): void;
  zoom(factor: number, at?: MapPlace): void;
  /** Moves a place into sight where it isn't. */
  reveal(place: MapPlace): void;
  /** The point nearest to a place, within a distance of the map. */
  nearest(place: MapPlace, within: number): number | undefined;
  /** Points inside a closed polygon, ascending. */
  inside(polygon: readonly MapPlace[]): Uint32Array;
  /** x, y of each region, [N,2]. */
  setPositions(positions: Float32Array): void;
  /** Sizes of the canvas on the page and in device pixels. */
  resize(stage: MapStage, device: MapStage): void;
  paint(change: Partial<MapScene>): void;
  stop(): void;
}

export function createMapView(canvas: HTMLCanvasElement): MapView {
  const painter = createMapPainter(canvas);
  let stage: MapStage = { width: 1, height: 1 };
  let positions: Float32Array = new Float32Array();
  let bounds = boundsOf(positions);
  /** Undefined while all points are shown. */
  let moved: MapWindow | undefined;
  const fitted = (): MapWindow => fitMap(bounds, stage);
  const window = (): MapWindow => moved ?? fitted();
  const middle = (): MapPlace => ({ x: stage.width / 2, y: stage.height / 2 });
  const show = (next: MapWindow | undefined): void => {
    moved = next;
    const shown = window();
    canvas.dataset['scale'] = (shown.scale / fitted().scale).toFixed(2);
    painter.show({ window: shown, enlarged: shown.scale / fitted().scale });
  };
  return {
    window,
    middle,
    fit: () => show(undefined),
    pan: (by) => show(panMap(window(), by, bounds, stage)),
    zoom: (factor, at = middle()) => show(zoomMap(window(), factor, at, bounds, stage)),
    reveal: (place) => {
      const { x, y } = pixelAt(window(), place);
      const isInSight = x >= 0 && y >= 0 && x <= stage.width && y <= stage.height;
      if (!isInSight) show(centerOn(place, window().scale, stage));
    },
    nearest: (place, within) => nearestPoint(positions, place, within),
    inside: (polygon) => pointsInside(positions, polygon),
    setPositions: (next) => {
      positions = next;
      bounds = boundsOf(next);
      painter.show({ positions });
      show(moved);
    },
    resize: (next, device) => {
      const kept = moved && mapPlaceAt(moved, middle());
      stage = next;
      painter.resize(device.width, device.height, device.width / Math.max(1, stage.width));
      show(moved && kept && centerOn(kept, moved.scale, stage));
    },
    paint: painter.show,
    stop: painter.stop,
  };
}
