import { useLayoutEffect, useState, type RefObject } from 'react';

/** Not every browser knows the size in device pixels. */
type Entries = readonly (Omit<ResizeObserverEntry, 'devicePixelContentBoxSize'> &
  Partial<Pick<ResizeObserverEntry, 'devicePixelContentBoxSize'>>)[];

/** Size of an element in device pixels, its longer side at most `max`; 0 × 0 while it isn't laid out. */
export function useDeviceSize(
  element: RefObject<HTMLElement | null>,
  max: number,
): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const show = (across: number, down: number): void => {
      const density = Math.min(1, max / Math.max(1, across, down));
      const [width, height] = [Math.round(across * density), Math.round(down * density)];
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    };
    const { width, height } = measured.getBoundingClientRect();
    show(Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio));
    const observer = new ResizeObserver(([{ devicePixelContentBoxSize, contentRect }]: Entries) => {
      const [width, height] = [contentRect.width * devicePixelRatio, contentRect.height * devicePixelRatio];
      const exact = devicePixelContentBoxSize?.[0];
      // Differs where the place begins or ends within a pixel. Under an emulated pixel ratio it is wrong.
      if (exact && Math.abs(exact.inlineSize - width) < 1) show(exact.inlineSize, exact.blockSize);
      else show(Math.round(width), Math.round(height));
    });
    try {
      observer.observe(measured, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(measured);
    }
    return () => observer.disconnect();
  }, [element, max]);
  return size;
}
