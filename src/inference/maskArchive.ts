import { encode } from 'fast-png';
import { strToU8 } from 'fflate';
import type { ImageSource } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import { prototypeColor } from '../domain/palette.ts';
import { classLabel, listClasses, type PrototypeClass, type PrototypeClasses } from '../domain/classes.ts';
import { createZipStream, MAX_ZIP_FILES } from '../lib/zip/zipStream.ts';
import { categoryId, createCoco } from './coco.ts';
import type { WholeMask } from './slotGrids.ts';

export interface MaskArchiveOptions {
  readonly images: ImageSource;
  readonly classes: PrototypeClasses;
  /** Number of prototypes of the model. */
  readonly prototypes: number;
  /** Number of steps the model was trained for. */
  readonly step: number;
}

/** The archive holds two files beside the masks. */
const MAX_MASKS = MAX_ZIP_FILES - 2;

/**
 * Writes masks as a zip, in chunks: `masks/<path>.png` holds the class index of each pixel, `classes.json` describes the
 * indices, and `annotations.coco.json` holds the same masks in COCO's format. Of a written mask only the annotations stay
 * in memory.
 */
export async function* maskArchive(
  masks: AsyncIterable<WholeMask>,
  { images, classes, prototypes, step }: MaskArchiveOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (images.count > MAX_MASKS) {
    throw new UserError(
      'export/too-many',
      `"${images.name}" holds ${images.count} images, and a zip holds ${MAX_MASKS} masks. Export parts of the folder, one after the other.`,
    );
  }
  const all = listClasses(classes, prototypes);
  const indices = indicesOf(all, prototypes);
  const coco = createCoco(all.map(classLabel), `Masks of "${images.name}" by slotcon-tab, at step ${step}`);
  const used = new Set<string>();
  const zip = createZipStream();
  for await (const { imageIndex, width, height, labels } of masks) {
    const mask = { width, height, labels: labels.map((prototype) => indices[prototype]) };
    const path = images.path(imageIndex);
    zip.add(unusedName(`masks/${path}`, used), [indexPng(mask, all.length)], false);
    coco.add(path, mask);
    yield* zip.take();
  }
  zip.add('classes.json', [strToU8(classesJson(all, prototypes))], true);
  zip.add('annotations.coco.json', encoded(coco.text()), true);
  zip.end();
  yield* zip.take();
}

/** Class index of each prototype. */
function indicesOf(all: readonly PrototypeClass[], prototypes: number): Uint16Array {
  const indices = new Uint16Array(prototypes);
  all.forEach((one, index) => one.prototypes.forEach((prototype) => (indices[prototype] = index)));
  return indices;
}

/** Makes a name unique: folders that were dropped together may hold the same path. */
function unusedName(path: string, used: Set<string>): string {
  let name = `${path}.png`;
  for (let copy = 2; used.has(name); copy++) name = `${path}-${copy}.png`;
  used.add(name);
  return name;
}

interface IndexMask {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint16Array;
}

/** Gray PNG with a class index per pixel, of 8 bits if they suffice; many programs read 255 as "no class", so it is unused. */
function indexPng({ width, height, labels }: IndexMask, classes: number): Uint8Array {
  return classes > 255
    ? encode({ width, height, data: labels, channels: 1, depth: 16 })
    : encode({ width, height, data: Uint8Array.from(labels), channels: 1, depth: 8 });
}

function classesJson(all: readonly PrototypeClass[], prototypes: number): string {
  const classes = all.map((one, index) => ({
    index,
    name: classLabel(one),
    color: `#${hexOf(prototypeColor(one.prototypes[0], prototypes))}`,
    /** Rows of the prototypes' tensor, from 0. */
    prototypes: one.prototypes,
    cocoCategory: categoryId(index),
  }));
  return `${JSON.stringify({ classes }, undefined, 1)}\n`;
}

const hexOf = (color: readonly number[]): string => color.map((value) => value.toString(16).padStart(2, '0')).join('');

function* encoded(text: Iterable<string>): Iterable<Uint8Array> {
  for (const piece of text) yield strToU8(piece);
}
