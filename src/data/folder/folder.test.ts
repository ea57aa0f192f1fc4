import { expect, it } from 'vitest';
import { datasetFingerprint, isIgnoredPath, sortPaths, workingCopySize } from './folder.ts';

it.each([
  '.hidden.jpg',
  'a/.thumbnails/t.jpg',
  '__MACOSX/a.jpg',
  'x/__MACOSX/._a.jpg',
  '._a.jpg',
  'Thumbs.db',
  'a/THUMBS.DB',
  'desktop.ini',
  '@eaDir/t.jpg',
  'notes.txt',
  'labels.json',
  'IMG_1.xmp',
  'photo.jpg.bak',
  'photo.jpg~',
  'film.mp4',
])('passes over %s', (path) => {
  expect(isIgnoredPath(path)).toBe(true);
});

it.each([
  'a.jpg',
  'A.JPEG',
  'dir.txt/a.png',
  'no_extension',
  'scan 10.42.17',
  'frame.0001',
  'two..dots.jpg',
  'a.jpg copy',
  'a.png?w=2',
  'raw.CR2',
  'photo.heic',
  '__proto__.jpg',
  'line\nbreak.jpg',
  '日本語.jpg',
])('considers %j', (path) => {
  expect(isIgnoredPath(path)).toBe(false);
});

it('sorts by code units, whatever the language, and leaves its input alone', () => {
  const paths = ['b', 'a/b', 'ä', 'a', 'B', 'a.b', '10', '9', '😀', '\uffff'].map((path) => ({ path }));
  const sorted = sortPaths(paths).map(({ path }) => path);
  expect(sorted).toEqual(['10', '9', 'B', 'a', 'a.b', 'a/b', 'b', 'ä', '😀', '\uffff']);
  expect(paths[0].path).toBe('b');
});

it('fingerprints paths, sizes and order', () => {
  const [a, b] = [
    { path: 'a', size: 12 },
    { path: 'b', size: 3 },
  ];
  const prints = [
    [a, b],
    [b, a],
    [a],
    [],
    [a, { ...b, size: 4 }],
    [a, { ...b, path: 'c' }],
    // The border between path and size counts.
    [{ path: 'a1', size: 2 }, b],
  ].map(datasetFingerprint);
  expect(new Set(prints).size).toBe(prints.length);
  expect(datasetFingerprint([{ ...a }, { ...b }])).toBe(prints[0]);
  expect(prints[0]).toMatch(/^[0-9a-f]{8}$/);
});

it.each([
  [4000, 3000, 256, { width: 341, height: 256 }],
  [3000, 4000, 256, { width: 256, height: 341 }],
  [100, 80, 256, { width: 100, height: 80 }],
  [1, 5000, 256, { width: 1, height: 5000 }],
  [256, 256, 256, { width: 256, height: 256 }],
  [16000, 20, 16, { width: 12800, height: 16 }],
])('%i × %i at working size %i', (width, height, workingSize, expected) => {
  expect(workingCopySize(width, height, workingSize)).toEqual(expected);
});
