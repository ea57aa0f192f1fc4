import { expect, it } from 'vitest';
import { createTextPieces } from './textPieces.ts';

it('reads all added text in order', () => {
  const pieces = createTextPieces();
  const parts = Array.from({ length: 3000 }, (_, at) => `${at}: ünïcode 🌲 ${'x'.repeat(at % 400)}\n`);
  for (const part of parts) pieces.add(part);
  const read = [...pieces.read()];
  expect(read.length).toBeGreaterThan(2);
  expect(read.join('')).toBe(parts.join(''));
  expect([...createTextPieces().read()].join('')).toBe('');
});
