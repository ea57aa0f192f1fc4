import { useLayoutEffect, useState, type RefObject } from 'react';

/** Size of an element in device pixels, its longer side at most `max`; 0 × 0 while it isn't laid out. */
export function useDeviceSize(
  element: RefObject<HTMLElement | null>,
  max: number,
): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = (): void => {
      const { clientWidth, clientHeight } = measured;
      const density = Math.min(devicePixelRatio, max / Math.max(1, clientWidth, clientHeight));
      const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element, max]);
  return size;
}
