import { useRef, type KeyboardEvent, type RefObject } from 'react';
import { mapPlaceAt, type MapPlace } from './mapWindow.ts';
import type { MapView } from './mapView.ts';
import { pointAt, type PointingOptions } from './useMapPointing.ts';

const STEP = 1.4;
const PAN_PX = 48;
/** Pixels of a step with Shift. */
const FINE_PX = 8;

const ARROWS: Readonly<Record<string, MapPlace>> = {
  ArrowLeft: { x: 1, y: 0 },
  ArrowRight: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** What the keys of the map do, for its description. */
export const MAP_KEYS =
  'Arrow keys move the map under the cross in its middle, with Shift by little; plus and minus zoom, 0 shows all. ' +
  'Enter selects the region at the cross. Space puts a corner of a lasso there, and Enter then selects what is inside; ' +
  'Escape drops it.';

type KeyOptions = Pick<PointingOptions, 'onPoint' | 'onSelect' | 'onLasso'>;

/** Keys of the map while it has the focus. They act at a cross in the middle, under which the map is moved. */
export function useMapKeys(view: RefObject<MapView | undefined>, { onPoint, onSelect, onLasso }: KeyOptions) {
  const corners = useRef<MapPlace[]>([]);
  const setCorners = (shown: MapView, next: MapPlace[]): void => {
    corners.current = next;
    shown.paint({ lasso: next });
  };
  const close = (shown: MapView): void => {
    const lasso = corners.current;
    if (lasso.length >= 3) {
      onLasso(shown.inside(lasso), 'replace');
      setCorners(shown, []);
      return;
    }
    const region = pointAt(shown, shown.middle());
    if (region !== undefined) onSelect([region], 'toggle');
  };
  const act = (shown: MapView, { key, shiftKey }: KeyboardEvent): boolean => {
    const way = ARROWS[key] as MapPlace | undefined;
    const by = shiftKey ? FINE_PX : PAN_PX;
    if (way) shown.pan({ x: by * way.x, y: by * way.y });
    else if (key === '+' || key === '=') shown.zoom(STEP);
    else if (key === '-') shown.zoom(1 / STEP);
    else if (key === '0' || key === 'Home') shown.fit();
    else if (key === ' ') setCorners(shown, [...corners.current, mapPlaceAt(shown.window(), shown.middle())]);
    else if (key === 'Enter') close(shown);
    else if (key === 'Escape' && corners.current.length > 0) setCorners(shown, []);
    else return false;
    return true;
  };
  return {
    onKeyDown: (event: KeyboardEvent<HTMLElement>): void => {
      const shown = view.current;
      if (!shown || event.ctrlKey || event.metaKey || event.altKey || !act(shown, event)) return;
      // The page's own arrows scrub through the history.
      event.preventDefault();
      event.stopPropagation();
      onPoint(pointAt(shown, shown.middle()), shown.middle());
    },
    onFocus: ({ currentTarget }: { readonly currentTarget: HTMLElement }): void =>
      view.current?.paint({ cross: currentTarget.matches(':focus-visible') }),
    onBlur: (): void => {
      if (view.current) setCorners(view.current, []);
      view.current?.paint({ cross: false });
      onPoint(undefined, { x: 0, y: 0 });
    },
  };
}
