import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { useLayoutEffect, useState, type RefObject } from 'react';

/** Keeps a row in the document wherever the list is scrolled to: with it the focus would be lost. */
export function withRow(row: number): (range: Range) => number[] {
  return (range) => [...new Set([...defaultRangeExtractor(range), row])].filter((one) => one >= 0 && one < range.count);
}

interface ActivePlace<Place> {
  readonly place: Place;
  setActive(place: Place): void;
  /** Gives it the focus too, as soon as it is drawn. */
  moveTo(place: Place): void;
}

/**
 * The place in the tab order of a list, whose item is the one with `data-active`. The wish for the focus belongs to the
 * state that is drawn: an effect of an earlier drawing, which may run after the key, would focus the item before.
 */
export function useActivePlace<Place>(first: Place, scroller: RefObject<HTMLElement | null>): ActivePlace<Place> {
  const [state, setState] = useState({ place: first, wantsFocus: false });
  useLayoutEffect(() => {
    if (state.wantsFocus) scroller.current?.querySelector<HTMLElement>('[data-active=true]')?.focus();
  }, [state, scroller]);
  return {
    place: state.place,
    setActive: (place) => setState((now) => (Object.is(now.place, place) ? now : { place, wantsFocus: false })),
    moveTo: (place) => setState({ place, wantsFocus: true }),
  };
}
