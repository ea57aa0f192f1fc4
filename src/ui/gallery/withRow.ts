import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';

/** Keeps a row in the document wherever the list is scrolled to: with it the focus would be lost. */
export function withRow(row: number): (range: Range) => number[] {
  return (range) => [...new Set([...defaultRangeExtractor(range), row])].filter((one) => one >= 0 && one < range.count);
}
