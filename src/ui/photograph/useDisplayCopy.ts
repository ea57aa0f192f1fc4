import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { DisplayImage } from '../../state/display/displayCopies.ts';
import type { DisplaySources } from '../../state/display/displayImages.ts';
import { useApp } from '../app.ts';

/** An image of a source; undefined before there is one. */
export function useDisplayImage(role: keyof DisplaySources, index: number, path: string): DisplayImage | undefined {
  const source = useStore(useApp().display.sources, (sources) => sources[role]);
  return useMemo(() => source?.({ index, path }), [source, index, path]);
}

/** The best copy of an image for `side` device pixels that is there. It is wanted unless `side` is 0. */
export function useDisplayCopy(image: DisplayImage | undefined, side: number): ImageBitmap | undefined {
  const { copies } = useApp().display;
  const subscribe = useCallback(
    (onChange: () => void) => (image && side > 0 ? copies.want(image, side, onChange) : () => undefined),
    [copies, image, side],
  );
  return useSyncExternalStore(subscribe, () => (image && side > 0 ? copies.get(image, side) : undefined));
}
