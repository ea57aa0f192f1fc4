import { useEffect, useState, type RefObject } from 'react';

/** Not every browser knows the size in device pixels. */
type Entries = readonly (Omit<ResizeObserverEntry, 'devicePixelContentBoxSize'> &
  Partial<Pick<ResizeObserverEntry, 'devicePixelContentBoxSize'>>)[];

/** Size of an element in device pixels, its longer side at most `max`; 0 × 0 while it isn't laid out. */
export function useDeviceSize(
  element: RefObject<HTMLElement | null>,
  max: number,
): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const show = (across: number, down: number): void => {
      const density = Math.min(1, max / Math.max(1, across, down));
      const [width, height] = [Math.round(across * density), Math.round(down * density)];
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    };
    const observer = new ResizeObserver(([{ devicePixelContentBoxSize, contentRect }]: Entries) => {
      // Exact, also where the place begins or ends within a pixel.
      const exact = devicePixelContentBoxSize?.[0];
      const { inlineSize: width, blockSize: height } = exact ?? {
        inlineSize: contentRect.width,
        blockSize: contentRect.height,
      };
      // An emulated pixel ratio leaves it in page pixels.
      const unit = Math.abs(width - contentRect.width) < 1 ? devicePixelRatio : 1;
      show(Math.round(width * unit), Math.round(height * unit));
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
