import { useEffect, type RefObject } from 'react';
import { useLatest } from '../widgets/useLatest.ts';

/** Calls `turn` with the factor by which the wheel, or a pinch on a touchpad, enlarges at (x, y) of the element. */
export function useWheel(
  element: RefObject<HTMLElement | null>,
  turn: (factor: number, x: number, y: number) => void,
): void {
  const latest = useLatest(turn);
  useEffect(() => {
    const turned = element.current;
    if (!turned) return;
    const listen = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = turned.getBoundingClientRect();
      const speed = event.deltaMode === 1 ? 0.05 : event.ctrlKey ? 0.01 : 0.002;
      latest.current(Math.exp(-event.deltaY * speed), event.clientX - left, event.clientY - top);
    };
    // React's own wheel listeners are passive; this one keeps the page from scrolling.
    turned.addEventListener('wheel', listen, { passive: false });
    return () => turned.removeEventListener('wheel', listen);
  }, [element, latest]);
}
