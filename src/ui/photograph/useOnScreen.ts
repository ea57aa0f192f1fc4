import { useEffect, useState, type RefObject } from 'react';

/** Distance from the screen at which an element counts as on it, so that scrolling meets what is ready. */
const MARGIN = '120px';

/** True while the element is on the screen or close to it. */
export function useOnScreen(element: RefObject<HTMLElement | null>): boolean {
  const [onScreen, setOnScreen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => setOnScreen(entries[entries.length - 1].isIntersecting), {
      rootMargin: MARGIN,
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return onScreen;
}
