import type { MouseEvent, PointerEvent } from 'react';
import { useApp } from '../app.ts';

/** Isolates the prototype under the mouse; a click pins it. `labelAt` takes a place of the element, from 0 to 1. */
export function useSlotPointing(labelAt: (x: number, y: number) => number | undefined) {
  const { view } = useApp();
  const labelOf = ({ currentTarget, clientX, clientY }: MouseEvent<HTMLElement>): number | undefined => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return labelAt((clientX - left) / width, (clientY - top) / height);
  };
  return {
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const hovered = event.pointerType === 'mouse' ? labelOf(event) : undefined;
      if (hovered !== view.getState().hovered) view.setState({ hovered });
    },
    onPointerLeave: (): void => view.setState({ hovered: undefined }),
    onClick: (event: MouseEvent<HTMLElement>): void => {
      const label = labelOf(event);
      view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
    },
  };
}
