import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { UNLABELED } from '../../domain/scores/scores.ts';
import { countsToText } from '../../lib/rle.ts';
import { imagesOf } from '../../testing/imagesOf.ts';
import { colorValue } from './mask.ts';
import { openMaskSet, type MaskSet } from './maskSet.ts';

const annotationFile = (content: unknown, path = 'instances.json') => ({
  path,
  read: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(content))),
});
const [WIDTH, HEIGHT] = [6, 5];
const size = { width: WIDTH, height: HEIGHT };
const categories = [
  { id: 18, name: 'dog' },
  { id: 3, name: 'car' },
];
/** A rectangle as polygon, as counts, and as text. */
function box(x: number, y: number, width: number, height: number) {
  // Down the columns, alternately outside and inside.
  const counts = [x * HEIGHT + y, height];
  for (let column = 1; column < width; column++) counts.push(HEIGHT - height, height);
  counts.push(WIDTH * HEIGHT - counts.reduce((sum, count) => sum + count));
  const polygon = [x, y, x + width, y, x + width, y + height, x, y + height];
  return {
    polygon: [polygon],
    counts: { size: [HEIGHT, WIDTH], counts },
    text: { size: [HEIGHT, WIDTH], counts: countsToText(counts) },
  };
}
const rows = async (set: MaskSet, image: number): Promise<string[]> => {
  const { width, height, data } = await set.read(image);
  const names = new Map([[UNLABELED, '?']]);
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (value) => names.get(value) ?? set.className(value)[0]).join(
      '',
    ),
  );
};

describe('a COCO file', () => {
  const one = (image: number, category: number, segmentation: unknown, more: object = {}) => {
    return { image_id: image, category_id: category, segmentation, iscrowd: 0, ...more };
  };
  const [big, small, crowd] = [box(0, 0, 4, 4), box(1, 1, 2, 2), box(2, 0, 4, 5)];
  const content = (annotations: unknown[], more: object = {}) => ({
    images: [
      { id: 7, file_name: 'photos\\a.jpg', ...size },
      { id: 8, file_name: 'b.png', ...size },
    ],
    categories,
    annotations,
    ...more,
  });
  const images = imagesOf(['x/a.jpg', 'x/b.png', 'c.jpg'], size);

  it.each(['polygon', 'counts', 'text'] as const)(
    'is drawn from %s: smaller regions on top, crowds void',
    async (form) => {
      const set = await openMaskSet(images, [
        annotationFile(
          content([
            one(7, 18, small[form]),
            one(7, 3, big[form]),
            one(7, 3, crowd[form], { iscrowd: 1 }),
            { image_id: 8, category_id: 3, bbox: [0, 0, 1, 1] },
          ]),
        ),
      ]);
      expect(set.match.how).toBe('annotations for 2 images matched by name');
      expect(await rows(set, 0)).toEqual(['cccc??', 'cddc??', 'cddc??', 'cccc??', 'bb????']);
      expect(await rows(set, 1)).toEqual(new Array(HEIGHT).fill('bbbbbb'));
      expect([set.className(0), set.className(18), set.className(99)]).toEqual(['background', 'dog', '99']);
    },
  );

  it('may have a category 0 beside pixels without annotations', async () => {
    const zero = [{ id: 0, name: 'zebra' }, ...categories];
    const file = annotationFile(content([one(7, 0, small.polygon)], { categories: zero }));
    const set = await openMaskSet(images, [file]);
    expect((await rows(set, 0))[1]).toBe('bzzbbb');
    expect([...new Set((await set.read(0)).data)]).toEqual([0, 1]);
  });

  it('of photographs as they are stored is turned with them', async () => {
    const turned = imagesOf(['a.jpg'], { width: HEIGHT, height: WIDTH }, 6);
    const set = await openMaskSet(turned, [annotationFile(content([one(7, 3, box(0, 0, 6, 1).polygon)]))]);
    expect(await rows(set, 0)).toEqual(new Array(WIDTH).fill('bbbbc'));
  });

  it.each<[string, unknown, string]>([
    ['other JSON', { a: 1 }, 'has no lists of images, annotations and categories.'],
    ['LabelMe', { shapes: [], imagePath: 'a.jpg' }, 'it is by LabelMe'],
    ['boxes alone', content([one(7, 3, [])]), 'has 1 annotations, none of them with a segmentation'],
    ['panoptic', content([{ image_id: 7, segments_info: [] }]), 'is a panoptic file'],
  ])('is refused with what it is: %s', async (_, json, message) => {
    await expect(openMaskSet(images, [annotationFile(json)])).rejects.toThrow(message);
  });

  it('names the image whose region can’t be drawn', async () => {
    for (const segmentation of [[[1, 2, 3]], [[1, 2, 3, 4, 1e9, 0]], { counts: [0, 31] }, { counts: '!' }]) {
      const set = await openMaskSet(images, [annotationFile(content([one(7, 3, segmentation)]))]);
      await expect(set.check(0)).rejects.toThrow('The annotations of "photos\\a.jpg" have a region (category 3)');
    }
    const noSize = content([one(8, 3, small.text)], { images: [{ id: 8, file_name: 'b.png' }] });
    const set = await openMaskSet(images, [annotationFile(noSize)]);
    await expect(set.check(1)).rejects.toThrow('are for an image of NaN×NaN pixels');
  });
});

describe('PNGs', () => {
  const png = (path: string, values: number[], width: number) => ({
    path,
    read: () =>
      Promise.resolve(
        encode({ width, height: values.length / width, data: Uint8Array.from(values), channels: 1, depth: 8 }),
      ),
  });

  it('are turned with their photographs, and refused where their shape is another', async () => {
    const images = imagesOf(['a.jpg', 'b.jpg'], { width: 20, height: 40 }, 8);
    const files = [png('a_L.png', [1, 2], 2), png('b_L.png', [1, 2, 3, 4, 5], 5)];
    const set = await openMaskSet(images, files);
    expect(set.match.how).toBe('2 masks matched by the suffix _L');
    expect(await set.read(0)).toEqual({ width: 1, height: 2, data: Uint8Array.of(2, 1) });
    await expect(set.check(1)).rejects.toThrow('The mask "b_L.png" has 5×1 pixels, and its image 20×40');
    expect(set.className(colorValue(1, 2, 3))).toBe('#010203');
  });
});
