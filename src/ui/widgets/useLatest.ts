import { useLayoutEffect, useRef, type RefObject } from 'react';

/** The value of the latest render, for functions that stay the same over many. */
export function useLatest<Value>(value: Value): Readonly<RefObject<Value>> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
