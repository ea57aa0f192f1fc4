import { expect, it } from 'vitest';
import { matchMasks } from './matchMasks.ts';

const matched = (images: string[], masks: string[]): (string | undefined)[] =>
  Array.from(matchMasks(images, masks), (index) => masks[index]);

it('matches masks by the names of their images, exported ones first', () => {
  expect(matched(['a.jpg', 'b/c.webp', 'd'], ['a.png', 'b/c.PNG', 'd.png'])).toEqual(['a.png', 'b/c.PNG', 'd.png']);
  const images = ['x.jpg', 'x.png'];
  expect(matched(images, ['masks/x.jpg.png', 'masks/x.png.png'])).toEqual(['masks/x.jpg.png', 'masks/x.png.png']);
  expect(matched(images, ['x.png', 'x.png.png'])).toEqual(['x.png', 'x.png.png']);
});

it('matches unique names across folders, and only PNG files', () => {
  expect(matched(['train/a.jpg'], ['labels/a.png', 'labels/a.txt'])).toEqual(['labels/a.png']);
  expect(matched(['train/a.jpg'], ['one/a.png', 'two/a.png'])).toEqual([undefined]);
  expect(matched(['train/a.jpg', 'val/a.jpg'], ['labels/a.png'])).toEqual([undefined, undefined]);
  expect(matched(['a.jpg'], ['a.jpg', 'b.png'])).toEqual([undefined]);
});
