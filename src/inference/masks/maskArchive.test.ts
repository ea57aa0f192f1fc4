import { decode } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { ImageSource } from '../../domain/images.ts';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { prototypeColor } from '../../domain/palette.ts';
import { leadersOf, listClasses, mergeClasses, NO_CLASSES, renameClass } from '../../domain/classes.ts';
import { createRandom } from '../../lib/random.ts';
import { countsFromText, paintCounts } from '../../lib/rle.ts';
import { maskChunks, type MaskedFile } from '../../testing/maskArchive.ts';
import { python } from '../../testing/python.ts';

const PATHS = ['a.jpg', 'deep/ünïcode "name" <b>.png', 'a.jpg'];
const CLASSES = renameClass(mergeClasses(NO_CLASSES, [1, 4]), 4, 'sky "<1>"');

interface CocoFile {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[];
  readonly categories: readonly { id: number; name: string }[];
  readonly annotations: readonly {
    id: number;
    image_id: number;
    category_id: number;
    area: number;
    bbox: number[];
    segmentation: { size: [number, number]; counts: string };
  }[];
}

/** Images with masks of runs of equal labels. */
function masksOf(count: number, prototypes: number): MaskedFile[] {
  return PATHS.slice(0, count).map((path, at) => {
    const random = createRandom(`mask/${at}`);
    const [width, height] = [9 + 4 * at, 12 - at];
    const labels = new Uint16Array(width * height);
    let label = 0;
    for (let pixel = 0; pixel < labels.length; pixel++) {
      if (pixel % 3 === 0 && random.chance(0.4)) label = random.integer(prototypes);
      labels[pixel] = label;
    }
    return { path, width, height, labels };
  });
}

async function archive(count: number, prototypes: number, classes = CLASSES) {
  const masks = masksOf(count, prototypes);
  const chunks: Uint8Array[] = [];
  for await (const chunk of maskChunks(masks, prototypes, { classes })) chunks.push(chunk);
  const zip = joinChunks(chunks);
  return { masks, zip, chunks: chunks.length, files: unzipSync(zip) };
}

const json = (file: Uint8Array | undefined): unknown => JSON.parse(strFromU8(defined(file)));

describe('the archive', () => {
  it('holds a PNG of class indices for each image, under its path and a palette of the slots’ colors', async () => {
    const { masks, files } = await archive(3, 8);
    const names = ['masks/a.jpg.png', 'masks/deep/ünïcode "name" <b>.png.png', 'masks/a.jpg-2.png'];
    expect(Object.keys(files)).toEqual([...names, 'classes.json', 'annotations.coco.json']);
    // 0 · 1+4 · 2 · 3 · 5 · 6 · 7
    const index = [0, 1, 2, 3, 1, 4, 5, 6];
    for (const [at, { width, height, labels }] of masks.entries()) {
      const png = decode(defined(files[names[at]]));
      expect(png).toMatchObject({ width, height, channels: 1, depth: 8 });
      expect(png.palette).toEqual([0, 1, 2, 3, 5, 6, 7].map((prototype) => prototypeColor(prototype, 8)));
      expect([...png.data]).toEqual([...labels].map((prototype) => index[prototype]));
    }
  });

  it('describes the indices in classes.json', async () => {
    const { files } = await archive(3, 8);
    const { classes } = json(files['classes.json']) as { classes: Record<string, unknown>[] };
    const hex = prototypeColor(1, 8).map((value) => value.toString(16).padStart(2, '0'));
    expect(classes).toHaveLength(7);
    expect(classes[0]).toMatchObject({ index: 0, name: 'Slot 1', prototypes: [0] });
    expect(classes[1]).toEqual({
      index: 1,
      name: 'sky "<1>"',
      prototypes: [1, 4],
      cocoCategory: 2,
      color: `#${hex.join('')}`,
    });
    expect(classes[4]).toMatchObject({ index: 4, name: 'Slot 6', prototypes: [5] });
  });

  it('annotates the same masks as COCO does', async () => {
    const { masks, files } = await archive(3, 8);
    const coco = json(files['annotations.coco.json']) as CocoFile;
    expect(coco.images.map(({ id, file_name }) => [id, file_name])).toEqual(PATHS.map((path, at) => [at + 1, path]));
    expect(coco.categories[1]).toEqual({ id: 2, name: 'sky "<1>"', supercategory: '' });
    expect(coco.annotations.map(({ id }) => id)).toEqual(coco.annotations.map((_, at) => at + 1));
    const leaders = leadersOf(CLASSES, 8);
    const classes = listClasses(CLASSES, 8);
    for (const [at, { width, height, labels }] of masks.entries()) {
      const painted = { width, height, labels: new Uint16Array(width * height).fill(99) };
      const mine = coco.annotations.filter(({ image_id }) => image_id === at + 1);
      expect(new Set(mine.map(({ category_id }) => category_id)).size).toBe(mine.length);
      for (const { category_id, segmentation, area } of mine) {
        expect(segmentation.size).toEqual([height, width]);
        const leader = classes[category_id - 1].prototypes[0];
        paintCounts(countsFromText(segmentation.counts), painted, leader);
        expect(area).toBe(labels.filter((label) => leaders[label] === leader).length);
      }
      expect(painted.labels).toEqual(labels.map((label) => leaders[label]));
    }
  });

  it('uses 16 bits for more than 255 classes', async () => {
    const { masks, files } = await archive(1, 300, NO_CLASSES);
    const png = decode(defined(files['masks/a.jpg.png']));
    expect(png).toMatchObject({ channels: 1, depth: 16 });
    expect(png.palette).toBeUndefined();
    expect([...png.data]).toEqual([...masks[0].labels]);
    expect((json(files['classes.json']) as { classes: unknown[] }).classes).toHaveLength(300);
  });

  it('is written in chunks, and refused beyond the max number of files', async () => {
    expect((await archive(3, 8)).chunks).toBeGreaterThan(PATHS.length);
    const images = { name: 'photos', count: 65_534 } as ImageSource;
    await expect(maskChunks([], 8, { images }).next()).rejects.toThrow(/65534 images.*65528/);
  });

  const zipfile = python('zipfile');
  it.skipIf(zipfile === undefined)('is read by Python’s zipfile', async () => {
    const { zip, masks } = await archive(3, 8);
    const program = `
archive = zipfile.ZipFile(io.BytesIO(data))
assert archive.testzip() is None
coco = json.loads(archive.read('annotations.coco.json'))
print(json.dumps([archive.namelist(), len(coco['images']), len(archive.read('masks/a.jpg.png')) > 60]))`;
    const [names, images, filled] = JSON.parse(defined(zipfile)(program, zip)) as [string[], number, boolean];
    expect(names).toContain('masks/deep/ünïcode "name" <b>.png.png');
    expect([names.length, images, filled]).toEqual([masks.length + 2, masks.length, true]);
  });
});
