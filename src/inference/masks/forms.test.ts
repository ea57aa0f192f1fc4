import { decode } from 'fast-png';
import { strFromU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { mergeClasses, NO_CLASSES, renameClass } from '../../domain/classes.ts';
import { DEFAULT_MASK_OPTIONS, type MaskFormId, type MaskOptions } from '../../domain/maskForms.ts';
import { defined } from '../../lib/defined.ts';
import { unzippedMasks, type MaskedFile } from '../../testing/maskArchive.ts';
import { fillRings, overlapOf, wavyLabelMap } from '../../testing/masks.ts';
import { python } from '../../testing/python.ts';

const PROTOTYPES = 6;
/** Indices of the classes: 0 · 1+4 · 2 · 3 · 5. */
const INDEX = [0, 1, 2, 3, 1, 4];
const CLASSES = renameClass(mergeClasses(NO_CLASSES, [1, 4]), 4, 'sky: "#1"');
const FILES: readonly MaskedFile[] = [
  { path: 'a.jpg', ...wavyLabelMap(160, 120, PROTOTYPES, 'a') },
  { path: 'deep/b.c.jpg', orientation: 6, ...wavyLabelMap(90, 140, PROTOTYPES, 'b') },
  { path: 'stack.tif#3', ...wavyLabelMap(64, 64, PROTOTYPES, 'c') },
];
const [FIRST] = FILES;

const write = (form: MaskFormId, options: Partial<MaskOptions> = {}, files = FILES) =>
  unzippedMasks(files, PROTOTYPES, {
    classes: CLASSES,
    options: { ...DEFAULT_MASK_OPTIONS, ...options, forms: [form] },
  });
const text = (file: Uint8Array | undefined): string => strFromU8(defined(file));
const classesOf = ({ labels }: MaskedFile): number[] => [...labels].map((prototype) => INDEX[prototype]);
const pixelsOf = (file: MaskedFile, index: number): number[] => classesOf(file).map((one) => (one === index ? 1 : 0));

interface CocoFile {
  readonly info: Record<string, string>;
  readonly images: readonly { id: number; width: number; height: number; exif_orientation?: number }[];
  readonly annotations: readonly {
    image_id: number;
    category_id: number;
    area: number;
    bbox: number[];
    segmentation: number[][];
  }[];
}

describe('COCO with polygons', () => {
  it('has a polygon per connected region, which fills the class’s pixels; and says how images are turned', async () => {
    const file = 'annotations.coco-polygons.json';
    const coco = JSON.parse(text((await write('coco-polygons'))[file])) as CocoFile;
    expect(coco.info['coordinates']).toContain('upright');
    expect(coco.images).toMatchObject(FILES.map(({ width, height }) => ({ width, height })));
    expect(coco.images.map((image) => image.exif_orientation)).toEqual([undefined, 6, undefined]);
    for (const { image_id, category_id, segmentation, area } of coco.annotations) {
      const mask = FILES[image_id - 1];
      const { evenOdd } = fillRings(segmentation, mask.width, mask.height);
      const expected = pixelsOf(mask, category_id - 1);
      expect(area).toBe(expected.reduce((sum, one) => sum + one));
      if (area > 500) expect(overlapOf(evenOdd, expected)).toBeGreaterThan(0.98);
    }
    const regions = await write('coco-polygons', { per: 'region', minRegion: 0.01 });
    const { annotations } = JSON.parse(text(regions[file])) as CocoFile;
    expect(annotations.length).toBeGreaterThan(0);
    for (const { segmentation, area, image_id } of annotations) {
      expect(segmentation).toHaveLength(1);
      expect(area).toBeGreaterThanOrEqual(0.01 * FILES[image_id - 1].labels.length);
    }
  });
});

describe('YOLO', () => {
  it('has a line per object in fractions of the image, and names the classes', async () => {
    const files = await write('yolo');
    expect(Object.keys(files)).toEqual([
      'labels/a.txt',
      'labels/deep/b.c.txt',
      'labels/stack#3.txt',
      'classes.json',
      'data.yaml',
    ]);
    expect(text(files['data.yaml'])).toMatch(/names:\n {2}0: "Slot 1"\n {2}1: "sky: \\"#1\\""\n/);
    const lines = text(files['labels/a.txt']).trimEnd().split('\n');
    expect(lines).toHaveLength(new Set(classesOf(FIRST)).size);
    for (const line of lines) {
      const [index, ...fractions] = line.split(' ').map(Number);
      expect(fractions.every((one) => one >= 0 && one <= 1)).toBe(true);
      const ring = fractions.map((one, at) => one * (at % 2 === 0 ? FIRST.width : FIRST.height));
      const expected = pixelsOf(FIRST, index);
      const { evenOdd } = fillRings([ring], FIRST.width, FIRST.height);
      if (expected.reduce((sum, one) => sum + one) > 500) expect(overlapOf(evenOdd, expected)).toBeGreaterThan(0.98);
    }
    const regions = text((await write('yolo', { per: 'region', minRegion: 0 }))['labels/a.txt']);
    expect(regions.trimEnd().split('\n').length).toBeGreaterThan(lines.length);
  });
});

describe('Pascal VOC', () => {
  it('has classes from 1 under the colors of labelmap.txt, and the names of the images', async () => {
    const files = await write('voc');
    const names = ['a', 'deep/b.c', 'stack#3'];
    expect(text(files['ImageSets/Segmentation/train.txt'])).toBe(`${names.join('\n')}\n`);
    const [, ...map] = text(files['labelmap.txt']).trimEnd().split('\n');
    expect(map.map((line) => line.split(':')[0])).toEqual(['background', 'Slot 1', 'sky  " 1"', 'Slot 3', 'Slot 4', 'Slot 6']); // oxfmt-ignore
    FILES.forEach((file, at) => {
      const png = decode(defined(files[`SegmentationClass/${names[at]}.png`]));
      expect([...png.data]).toEqual(classesOf(file).map((index) => index + 1));
      map.forEach((line, index) => expect(defined(png.palette)[index].join()).toBe(line.split(':')[1]));
    });
    expect(Object.keys(files).filter((name) => name.startsWith('SegmentationObject/'))).toEqual([]);
  });
  it('numbers connected regions from the largest, and leaves out small ones', async () => {
    const files = await write('voc', { per: 'region', minRegion: 0.02 });
    const { data } = decode(defined(files['SegmentationObject/a.png']));
    const areas = new Map<number, number>();
    const classes = new Map<number, Set<number>>();
    classesOf(FIRST).forEach((index, at) => {
      areas.set(data[at], (areas.get(data[at]) ?? 0) + 1);
      classes.set(data[at], (classes.get(data[at]) ?? new Set()).add(index));
    });
    const numbers = [...areas.keys()].filter((one) => one !== 255).sort((one, other) => one - other);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(numbers.length).toBeGreaterThan(2);
    numbers.forEach((number, at) => {
      expect(defined(classes.get(number)).size).toBe(1);
      expect(defined(areas.get(number))).toBeGreaterThanOrEqual(0.02 * data.length);
      if (at > 0) expect(defined(areas.get(number))).toBeLessThanOrEqual(defined(areas.get(at)));
    });
  });
  it('refuses more classes than it has numbers', async () => {
    const options = { ...DEFAULT_MASK_OPTIONS, forms: ['voc'] } as const;
    await expect(unzippedMasks([FIRST], 255, { options })).rejects.toThrow(/254 classes, and the model has 255/);
  });
});

describe('overlays', () => {
  it('lay the colors over the photograph, at most 2048 pixels a side', async () => {
    const wide = { path: 'wide.jpg', width: 4000, height: 20, labels: new Uint16Array(80_000).fill(2) };
    const encoded: { width: number; height: number; data: Uint8Array }[] = [];
    const photographs = {
      read: async (_: number, width: number, height: number) =>
        Promise.resolve({ width, height, data: new Uint8Array(width * height * 3).fill(100) }),
      encodeJpeg: async (image: (typeof encoded)[number]) => Promise.resolve(Uint8Array.of(encoded.push(image))),
    };
    const options = { ...DEFAULT_MASK_OPTIONS, forms: ['overlay'] } as const;
    const files = await unzippedMasks([FIRST, wide], PROTOTYPES, { options, photographs });
    expect([files['overlays/a.jpg.jpg'], files['overlays/wide.jpg.jpg']]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(encoded.map(({ width, height }) => [width, height])).toEqual([[FIRST.width, FIRST.height], [2048, 10]]); // oxfmt-ignore
    expect(new Set(encoded[1].data).size, 'the color of one class at half its strength').toBeLessThanOrEqual(3);
    expect(new Set(encoded[0].data).size).toBeGreaterThan(6);
  });
});

const pycocotools = python('pycocotools', 'PIL');
it.skipIf(pycocotools === undefined)('every form is read by pycocotools and PIL as the same masks', async () => {
  const forms: MaskFormId[] = ['png', 'coco-rle', 'coco-polygons', 'voc'];
  const options = { ...DEFAULT_MASK_OPTIONS, forms };
  const files = await unzippedMasks(FILES, PROTOTYPES, { classes: CLASSES, options });
  const program = `
import zipfile, contextlib, numpy as np
from PIL import Image
from pycocotools.coco import COCO
archive = zipfile.ZipFile(io.BytesIO(data))
def load(name):
    coco = COCO()
    coco.dataset = json.loads(archive.read(name))
    with contextlib.redirect_stdout(sys.stderr): coco.createIndex()
    return coco
exact, worst, sizes = True, 1.0, []
rle, polygons = load('annotations.coco.json'), load('annotations.coco-polygons.json')
for image in rle.dataset['images']:
    png = Image.open(archive.open('masks/' + image['file_name'] + '.png'))
    voc = json.loads('${JSON.stringify(['a', 'deep/b.c', 'stack#3'])}')[image['id'] - 1]
    mask = np.asarray(png)
    exact &= png.mode == 'P' and (np.asarray(Image.open(archive.open(f'SegmentationClass/{voc}.png'))) == mask + 1).all()
    sizes.append([image['width'], image['height'], *png.size])
    for one, other in zip(rle.imgToAnns[image['id']], polygons.imgToAnns[image['id']]):
        truth = mask == one['category_id'] - 1
        exact &= (rle.annToMask(one) == truth).all() and one['category_id'] == other['category_id']
        drawn = polygons.annToMask(other) > 0
        if truth.sum() > 500: worst = min(worst, (drawn & truth).sum() / (drawn | truth).sum())
print(json.dumps([bool(exact), float(worst), sizes]))`;
  const [exact, worst, sizes] = JSON.parse(defined(pycocotools)(program, zipSync(files))) as [
    boolean,
    number,
    number[][],
  ];
  expect(exact).toBe(true);
  expect(worst).toBeGreaterThan(0.98);
  expect(sizes).toEqual(FILES.map(({ width, height }) => [width, height, width, height]));
});
