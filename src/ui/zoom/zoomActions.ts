import type { Overlay } from '../../domain/reports.ts';
import { shownLabel } from '../photograph/picture.ts';
import { shortcutOf } from '../widgets/shortcuts.ts';
import type { Zoom } from './useZoom.ts';
import { fitWindow, isFitted, panBy, placeAt, zoomAt, type ImageSize, type ZoomWindow } from './zoomWindow.ts';

export type ZoomAction = 'previous' | 'next' | 'in' | 'out' | 'fit' | 'left' | 'right' | 'up' | 'down';

const STEP = 1.4;
const PAN_PX = 60;

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Action of a key. Arrows move an enlarged image; where there is nothing to move, they lead to its neighbors. */
export function actionOf(press: KeyPress, { viewport, stage }: Zoom, size: ImageSize): ZoomAction | undefined {
  const shortcut = shortcutOf(press, 'zoom');
  if (shortcut?.name === 'fit') return 'fit';
  if (shortcut?.name === 'neighbor') return shortcut.index === 0 ? 'previous' : 'next';
  if (shortcut?.name === 'zoom') return shortcut.index === 1 ? 'out' : 'in';
  const fitted = isFitted(viewport, size, stage);
  switch (press.key) {
    case 'ArrowLeft':
      return fitted ? 'previous' : 'left';
    case 'ArrowRight':
      return fitted ? 'next' : 'right';
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    default:
      return undefined;
  }
}

export function applyAction(action: ZoomAction, zoom: Zoom, size: ImageSize, onGo: (by: number) => void): void {
  const { viewport, stage, show, probe } = zoom;
  const zoomBy = (factor: number): void => {
    show(zoomAt(viewport, factor, stage.width / 2, stage.height / 2, size, stage));
  };
  const pan = (across: number, down: number): void => {
    show(panBy(viewport, PAN_PX * across, PAN_PX * down, size, stage));
    probe(undefined);
  };
  switch (action) {
    case 'previous':
      return onGo(-1);
    case 'next':
      return onGo(1);
    case 'in':
      return zoomBy(STEP);
    case 'out':
      return zoomBy(1 / STEP);
    case 'fit':
      return show(fitWindow(size, stage));
    case 'left':
      return pan(1, 0);
    case 'right':
      return pan(-1, 0);
    case 'up':
      return pan(0, 1);
    case 'down':
      return pan(0, -1);
  }
}

/** Label that is shown at (x, y) of the stage. */
export function stageLabel(
  overlay: Overlay,
  followEdges: boolean,
  viewport: ZoomWindow,
  x: number,
  y: number,
): number | undefined {
  const place = placeAt(viewport, x, y, overlay.dimensions);
  return place && shownLabel(overlay, followEdges, place.x, place.y);
}

/** Prototype under the pointer, or else at the middle. */
export function probedLabel(
  { viewport, stage, pointer }: Zoom,
  overlay: Overlay,
  followEdges: boolean,
): number | undefined {
  const [x, y] = [pointer?.x ?? stage.width / 2, pointer?.y ?? stage.height / 2];
  return stageLabel(overlay, followEdges, viewport, x, y);
}
