import { describe, expect, it } from 'vitest';
import { matchFileNames, matchMasks } from './matchMasks.ts';

const matched = (images: string[], masks: string[]): (string | undefined)[] =>
  Array.from(matchMasks(images, masks).maskOf, (index) => masks[index]);
const numbered = (count: number, name: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index + 1));

describe('names alike', () => {
  it('match, exported ones first', () => {
    expect(matched(['a.jpg', 'b/c.webp', 'd'], ['a.png', 'b/c.PNG', 'd.png'])).toEqual(['a.png', 'b/c.PNG', 'd.png']);
    const images = ['x.jpg', 'x.png'];
    expect(matched(images, ['masks/x.jpg.png', 'masks/x.png.png'])).toEqual(['masks/x.jpg.png', 'masks/x.png.png']);
    expect(matched(images, ['x.png', 'x.png.png'])).toEqual(['x.png', 'x.png.png']);
    expect(matched(['IMG.JPG'], ['masks/IMG.jpg.png'])).toEqual(['masks/IMG.jpg.png']);
    expect(matched(['IMG.jpg'], ['masks/IMG.JPG.PNG'])).toEqual(['masks/IMG.JPG.PNG']);
  });

  it('match pages of a file with masks of their own', () => {
    const pages = ['z/stack.TIF#1', 'z/stack.TIF#2', 'z/stack.TIF#3'];
    expect(matched(pages, ['stack#1.png', 'z/stack#3.png'])).toEqual(['stack#1.png', undefined, 'z/stack#3.png']);
    expect(matched(pages, ['masks/z/stack.tif#2.png'])).toEqual([undefined, 'masks/z/stack.tif#2.png', undefined]);
    expect(matched(pages, ['z/stack.png'])).toEqual([undefined, undefined, undefined]);
  });

  it('match across folders where they are unique', () => {
    expect(matched(['train/a.jpg'], ['labels/a.png'])).toEqual(['labels/a.png']);
    expect(matched(['train/a.jpg'], ['one/a.png', 'two/a.png'])).toEqual([undefined]);
    expect(matched(['train/a.jpg', 'val/a.jpg'], ['labels/a.png'])).toEqual([undefined, undefined]);
  });

  it('match whether their letters are composed or, as in a zip from a Mac, decomposed', () => {
    const [composed, decomposed] = ['Müller/Strände.jpg', 'Müller/Strände.png'.normalize('NFD')];
    expect(decomposed).not.toContain('ü');
    expect(matched([composed], [decomposed])).toEqual([decomposed]);
    expect(matched([composed.normalize('NFD')], ['Müller/Strände.png'])).toEqual(['Müller/Strände.png']);
  });
});

describe('a common affix', () => {
  const photos = numbered(12, (n) => `img_${n}.jpg`);
  it.each([
    ['suffix', photos, (n: number) => `img_${n}_mask.png`, 'the suffix _mask'],
    ['suffix without a separator', photos, (n: number) => `img_${n}L.png`, 'the suffix L'],
    ['prefix', photos, (n: number) => `mask_img_${n}.PNG`, 'the prefix mask_'],
    ['prefix in place of another', photos, (n: number) => `mask_${n}.png`, 'the prefix mask_ in place of img_'],
    ['suffix behind the ending', photos, (n: number) => `sub/img_${n}.jpg_seg.png`, 'the suffix .jpg_seg'],
    [
      'suffix in place of another',
      numbered(12, (n) => `train/ulm/ulm_${n}_000019_leftImg8bit.png`),
      (n: number) => `fine/ulm/ulm_${n}_000019_labelIds.png`,
      'the suffix _labelIds in place of _leftImg8bit',
    ],
    [
      'suffix of the images alone',
      numbered(12, (n) => `imagesTr/la_${n}_0000.png`),
      (n: number) => `labelsTr/la_${n}.png`,
      'name without the suffix _0000 of the images',
    ],
    [
      'folder per scene',
      numbered(12, (n) => `${n}/rgb.jpg`),
      (n: number) => `${n}/mask.png`,
      'the suffix mask in place of rgb',
    ],
  ])('is found: %s', (_, images, name, words) => {
    const masks = numbered(12, name);
    expect(matched(images, masks)).toEqual(masks);
    expect(matchMasks(images, masks).how).toBe(`12 masks matched by ${words}`);
  });

  it('of several is the one that matches most, then one with a word for masks, and the others are named', () => {
    const kinds = ['color', 'instanceIds', 'labelIds', 'labelTrainIds'];
    const images = numbered(20, (n) => `a_${n}_leftImg8bit.png`);
    const masks = numbered(20, (n) => `a_${n}_`).flatMap((name) => kinds.map((kind) => `${name}gtFine_${kind}.png`));
    expect(matchMasks(images, masks)).toMatchObject({
      count: 20,
      how: '20 masks matched by the suffix _gtFine_labelIds in place of _leftImg8bit, not by _gtFine_labelTrainIds, _gtFine_color, _gtFine_instanceIds',
    });
    const withoutTwo = masks.filter((path) => path !== 'a_3_gtFine_labelIds.png');
    expect(matchMasks(images, withoutTwo).how).toContain('the suffix _gtFine_labelTrainIds in');
    // Copies of the photographs beside their masks.
    const beside = photos.flatMap((path) => [path.replace('jpg', 'png'), path.replace('.jpg', '_mask.png')]);
    expect(matchMasks(photos, beside).how).toBe('12 masks matched by the suffix _mask, not by name');
    expect(
      matchMasks(
        photos,
        beside.map((path) => path.replace('mask', 'depth')),
      ).how,
    ).toBe('12 masks matched by name, not by _depth');
  });

  it('works for one image', () => {
    expect(matchMasks(['beach.jpg'], ['beach_mask.png'])).toMatchObject({ count: 1 });
  });

  it('is not made of names that are alike by chance', () => {
    const refused: [string[], string[]][] = [
      [numbered(99, (n) => String(n).padStart(3, '0')), numbered(99, (n) => String(200 + n))],
      [numbered(12, (n) => `frame_${n}_1.jpg`), numbered(12, (n) => `frame_${n}_2.png`)],
      [
        ['cat.jpg', 'dog.jpg'],
        ['car.png', 'dot.png'],
      ],
      [['img_1.jpg'], ['img_10.png', 'img_12.png']],
    ];
    for (const [images, masks] of refused) expect(matchMasks(images, masks)).toMatchObject({ count: 0 });
  });
});

it('without a match says what an image and a mask are called', () => {
  expect(matchMasks(['photos/DSC1.jpg', 'x.jpg'], ['out/annotation 7.png']).how).toBe(
    'none matched: an image is called "photos/DSC1.jpg", a mask "out/annotation 7.png"',
  );
});

it('matches the files that annotations name by path, then by base name', () => {
  const files = ['val/a.jpg', 'val/b.png', 'C:\\data\\c.jpg', 'val/b.jpg'];
  const { maskOf, how } = matchFileNames(['val/a.jpg', 'val/b.jpg', 'photos/c.jpeg', 'd.jpg'], files);
  expect([...maskOf]).toEqual([0, 3, 2, -1]);
  expect(how).toBe('annotations for 3 images matched by name');
  expect(matchFileNames(['a.jpg'], ['7.jpg']).how).toBe(
    'none matched: an image is called "a.jpg", an annotated one "7.jpg"',
  );
});

it('takes a moment for 100,000 paths', () => {
  const images = numbered(100_000, (n) => `part ${n % 37}/shot_${n}_rgb.jpg`);
  const masks = numbered(100_000, (n) => `labels/part ${n % 37}/shot_${n}_mask.png`);
  const start = performance.now();
  expect(matchMasks(images, masks).count).toBe(100_000);
  expect(performance.now() - start).toBeLessThan(10_000);
});
