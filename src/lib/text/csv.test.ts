import { expect, it } from 'vitest';
import { csvLines } from './csv.ts';

it('quotes what would end a cell or a line', () => {
  const lines = [
    ['path', 'area'],
    ['a, "b".jpg', 0.5],
    ['two\nlines', -1],
  ];
  expect(csvLines(lines)).toBe('path,area\r\n"a, ""b"".jpg",0.5\r\n"two\nlines",-1\r\n');
});
