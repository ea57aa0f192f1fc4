import { useRef, type PointerEvent, type RefObject } from 'react';
import type { SetChange } from '../../../state/regions/regionSet.ts';
import { mapPlaceAt, pixelAt, type MapPlace } from './mapWindow.ts';
import type { MapView } from './mapView.ts';

/** A drag of fewer pixels is a click. */
const CLICK_PX = 4;
/** Least distance of a lasso's corners. */
const CORNER_PX = 4;
/** Reach of the pointer in pixels. */
export const REACH_PX = 12;

export interface PointingOptions {
  /** Drags draw a lasso; with Shift they do anyway. */
  readonly lassoing: boolean;
  onPoint(region: number | undefined, at: MapPlace): void;
  onSelect(regions: Uint32Array | readonly number[], change: SetChange): void;
  /** A lasso was closed around these. */
  onLasso(regions: Uint32Array, change: SetChange): void;
}

/** Pointer handlers of the map: drags move it or draw a lasso, two fingers pinch, a click selects a point. */
export function useMapPointing(view: RefObject<MapView | undefined>, options: PointingOptions) {
  const fingers = useRef(new Map<number, MapPlace>());
  const traveled = useRef(0);
  const lasso = useRef<MapPlace[]>(undefined);
  const endLasso = (): readonly MapPlace[] | undefined => {
    const drawn = lasso.current;
    lasso.current = undefined;
    view.current?.paint({ lasso: [] });
    return drawn;
  };
  const press = (event: PointerEvent<HTMLElement>): void => {
    const at = pixelOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    if (fingers.current.size === 0) traveled.current = 0;
    fingers.current.set(event.pointerId, at);
    if (fingers.current.size > 1) endLasso();
    else if ((options.lassoing || event.shiftKey) && view.current)
      lasso.current = [mapPlaceAt(view.current.window(), at)];
    options.onPoint(undefined, at);
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const shown = view.current;
    const [now, before] = [pixelOf(event), fingers.current.get(event.pointerId)];
    if (!shown) return;
    if (!before) {
      options.onPoint(event.pointerType === 'mouse' ? pointAt(shown, now) : undefined, now);
      return;
    }
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    traveled.current += Math.hypot(now.x - before.x, now.y - before.y);
    if (lasso.current) {
      const last = pixelAt(shown.window(), lasso.current[lasso.current.length - 1]);
      if (Math.hypot(now.x - last.x, now.y - last.y) < CORNER_PX) return;
      lasso.current.push(mapPlaceAt(shown.window(), now));
      shown.paint({ lasso: [...lasso.current, lasso.current[0]] });
    } else if (other) pinch(shown, before, now, other);
    else shown.pan({ x: now.x - before.x, y: now.y - before.y });
  };
  const lift = (event: PointerEvent<HTMLElement>): void => {
    const shown = view.current;
    const held = fingers.current.delete(event.pointerId);
    const drawn = endLasso();
    if (!held || !shown || event.type !== 'pointerup') return;
    const change = event.ctrlKey || event.metaKey ? 'add' : 'replace';
    if (traveled.current > CLICK_PX) {
      if (drawn) options.onLasso(shown.inside(drawn), change);
      return;
    }
    const region = pointAt(shown, pixelOf(event));
    if (region !== undefined) options.onSelect([region], change === 'add' ? 'toggle' : 'replace');
  };
  return {
    onPointerDown: press,
    onPointerMove: move,
    onPointerUp: lift,
    onPointerCancel: lift,
    onPointerLeave: (event: PointerEvent<HTMLElement>): void => options.onPoint(undefined, pixelOf(event)),
  };
}

/** The region nearest to a pixel, within reach. */
export function pointAt(view: MapView, at: MapPlace): number | undefined {
  const window = view.window();
  return view.nearest(mapPlaceAt(window, at), REACH_PX / window.scale);
}

function pixelOf({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): MapPlace {
  const box = currentTarget.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

/** One finger moved while the other stayed: the middle between them moves, and their distance scales. */
function pinch(view: MapView, before: MapPlace, now: MapPlace, other: MapPlace): void {
  const distance = (finger: MapPlace): number => Math.max(1, Math.hypot(finger.x - other.x, finger.y - other.y));
  view.pan({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
  view.zoom(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}
