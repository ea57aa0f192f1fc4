import { expect, it } from 'vitest';
import { isIgnoredPath, sortPaths } from './fileNames.ts';

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
  'sound.mp3',
  'volume.gz',
])('ignores %s', (path) => {
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
  'scan.dcm',
  'brain.nii.gz',
  'film.MP4',
  '__proto__.jpg',
  'line\nbreak.jpg',
  '日本語.jpg',
])('considers %j', (path) => {
  expect(isIgnoredPath(path)).toBe(false);
});

it('sorts by code units in every locale, and does not change its input', () => {
  const paths = ['b', 'a/b', 'ä', 'a', 'B', 'a.b', '10', '9', '😀', '\uffff'].map((path) => ({ path }));
  const sorted = sortPaths(paths).map(({ path }) => path);
  expect(sorted).toEqual(['10', '9', 'B', 'a', 'a.b', 'a/b', 'b', 'ä', '😀', '\uffff']);
  expect(paths[0].path).toBe('b');
});
