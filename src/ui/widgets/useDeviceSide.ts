import { useLayoutEffect, useState, type RefObject } from 'react';

/** Side of a square element in pixels of the screen, at most `most`; 0 while it isn't laid out. */
export function useDeviceSide(element: RefObject<HTMLElement | null>, most: number): number {
  const [side, setSide] = useState(0);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = (): void => setSide(Math.min(most, Math.round(measured.clientWidth * devicePixelRatio)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element, most]);
  return side;
}
