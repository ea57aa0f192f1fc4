import { expect, it } from 'vitest';
import { datasetFingerprint } from './datasetFingerprint.ts';

it('fingerprints paths, sizes and order', () => {
  const [a, b] = [
    { path: 'a', bytes: 12 },
    { path: 'b', bytes: 3 },
  ];
  const prints = [
    [a, b],
    [b, a],
    [a],
    [],
    [a, { ...b, bytes: 4 }],
    [a, { ...b, path: 'c' }],
    // The border between path and size counts.
    [{ path: 'a1', bytes: 2 }, b],
  ].map(datasetFingerprint);
  expect(new Set(prints).size).toBe(prints.length);
  expect(datasetFingerprint([{ ...a }, { ...b }])).toBe(prints[0]);
  expect(prints[0]).toMatch(/^[0-9a-f]{8}$/);
});
