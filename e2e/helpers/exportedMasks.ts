import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { decodeMask } from '../../src/data/masks/mask.ts';
import { leadersOf, type PrototypeClasses } from '../../src/domain/classes.ts';
import { slotLabels, wholeWindow } from '../../src/domain/slotGrid.ts';
import { guideOf } from '../../src/lib/edges/guidedFilter.ts';
import { defined } from '../../src/lib/defined.ts';
import { countsFromText, paintCounts } from '../../src/lib/rle.ts';
import { expect } from '../fixtures.ts';

interface CocoFile {
  readonly images: readonly { id: number; file_name: string }[];
  readonly annotations: readonly {
    image_id: number;
    category_id: number;
    segmentation: { size: [number, number]; counts: string };
  }[];
}

/**
 * Expects a zip of masks to equal the overlays of this step for every watched image, at the size of its file, both as PNGs
 * and as COCO. Returns the prototypes that occur; a class is represented by its first one.
 */
export async function expectMasksAsOverlays(
  page: Page,
  zip: string,
  step: number,
  classes: PrototypeClasses,
  prototypes: number,
): Promise<ReadonlySet<number>> {
  const files = unzipSync(new Uint8Array(readFileSync(zip)));
  const meaning = JSON.parse(strFromU8(files['classes.json'])) as { classes: { prototypes: number[] }[] };
  const leaders = leadersOf(classes, prototypes);
  expect(meaning.classes).toHaveLength(new Set(leaders).size);
  const coco = JSON.parse(strFromU8(files['annotations.coco.json'])) as CocoFile;
  const overlays = await page.evaluate((at) => window.slotconTab.overlaysAt(at), step);
  expect(overlays.length).toBeGreaterThan(0);
  const seen = new Set<number>();
  for (const { path, dimensions, edges, preview } of overlays) {
    const { width, height } = dimensions;
    // Previews and working copies of these scenes have the size of their files.
    expect([preview.width, preview.height]).toEqual([width, height]);
    const shown = [...slotLabels({ ...edges, leaders }, wholeWindow(width, height), guideOf(preview).gray)];
    const mask = decodeMask(files[`masks/${path}.png`], path);
    expect([mask.width, mask.height]).toEqual([width, height]);
    expect([...mask.data].map((index) => meaning.classes[index].prototypes[0])).toEqual(shown);
    const painted = { width, height, labels: new Uint16Array(width * height).fill(999) };
    const { id } = defined(coco.images.find(({ file_name }) => file_name === path));
    for (const { category_id, segmentation } of coco.annotations.filter(({ image_id }) => image_id === id)) {
      paintCounts(countsFromText(segmentation.counts), painted, meaning.classes[category_id - 1].prototypes[0]);
    }
    expect([...painted.labels]).toEqual(shown);
    for (const label of shown) seen.add(label);
  }
  return seen;
}
