import { useRef, type PointerEvent } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import type { Zoom } from './useZoom.ts';
import { stageLabel } from './zoomActions.ts';
import { panBy, zoomAt, type ImageSize, type ZoomWindow } from './zoomWindow.ts';

/** A drag of fewer pixels is a click. */
const CLICK_PX = 4;

interface Finger {
  readonly x: number;
  readonly y: number;
}

/** Pointer handlers of the stage: drags move, two fingers pinch, a click pins a prototype, and hovering isolates it. */
export function usePointing(overlay: Overlay, zoom: Zoom) {
  const { dimensions } = overlay;
  const { view } = useApp();
  const fingers = useRef(new Map<number, Finger>());
  const traveled = useRef(0);
  const labelOf = ({ x, y }: Finger): number | undefined =>
    stageLabel(overlay, view.getState().followEdges, zoom.viewport, x, y);
  const move = (event: PointerEvent<HTMLElement>): void => {
    const [now, before] = [fingerOf(event), fingers.current.get(event.pointerId)];
    zoom.probe(now);
    if (!before) {
      const hovered = event.pointerType === 'mouse' ? labelOf(now) : undefined;
      if (hovered !== view.getState().hovered) view.setState({ hovered });
      return;
    }
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    traveled.current += Math.hypot(now.x - before.x, now.y - before.y);
    zoom.show(other ? pinched(zoom, before, now, other, dimensions) : dragged(zoom, before, now, dimensions));
  };
  const lift = (event: PointerEvent<HTMLElement>): void => {
    const held = fingers.current.delete(event.pointerId);
    if (!held || event.type !== 'pointerup' || traveled.current > CLICK_PX) return;
    const label = labelOf(fingerOf(event));
    view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      event.currentTarget.setPointerCapture(event.pointerId);
      if (fingers.current.size === 0) traveled.current = 0;
      fingers.current.set(event.pointerId, fingerOf(event));
    },
    onPointerMove: move,
    onPointerUp: lift,
    onPointerCancel: lift,
    onPointerLeave: (): void => {
      zoom.probe(undefined);
      view.setState({ hovered: undefined });
    },
  };
}

function fingerOf({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): Finger {
  const box = currentTarget.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

function dragged({ viewport, stage }: Zoom, before: Finger, now: Finger, size: ImageSize): ZoomWindow {
  return panBy(viewport, now.x - before.x, now.y - before.y, size, stage);
}

/** One finger moved while the other stayed: the middle between them moves, and their distance scales. */
function pinched({ viewport, stage }: Zoom, before: Finger, now: Finger, other: Finger, size: ImageSize): ZoomWindow {
  const apart = ({ x, y }: Finger): number => Math.max(1, Math.hypot(x - other.x, y - other.y));
  const moved = panBy(viewport, (now.x - before.x) / 2, (now.y - before.y) / 2, size, stage);
  return zoomAt(moved, apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2, size, stage);
}
