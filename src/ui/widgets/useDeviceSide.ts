import { useLayoutEffect, useState, type RefObject } from 'react';

/** Side of a square element in device pixels, at most `max`; 0 while it isn't laid out. */
export function useDeviceSide(element: RefObject<HTMLElement | null>, max: number): number {
  const [side, setSide] = useState(0);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = (): void => setSide(Math.min(max, Math.round(measured.clientWidth * devicePixelRatio)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element, max]);
  return side;
}
