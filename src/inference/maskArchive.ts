import { encode } from 'fast-png';
import { strToU8 } from 'fflate';
import type { ImageSource } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import { prototypeColor } from '../domain/palette.ts';
import { classLabel, listClasses, type PrototypeClass, type PrototypeClasses } from '../domain/classes.ts';
import { createZipStream, MOST_ZIP_FILES } from '../lib/zipStream.ts';
import { categoryId, createCoco } from './coco.ts';
import type { WholeMask } from './segmentWhole.ts';

export interface MaskArchiveOptions {
  readonly images: ImageSource;
  readonly classes: PrototypeClasses;
  /** Prototypes of the model. */
  readonly prototypes: number;
  /** Steps that the model was trained. */
  readonly step: number;
}

/** Beside the masks there are two files. */
const MOST_MASKS = MOST_ZIP_FILES - 2;

/**
 * A zip, in chunks as they are made: `masks/<path>.png` holds the index of each pixel's class, `classes.json` says what
 * the indices mean, and `annotations.coco.json` holds the same masks as COCO has them. Of a mask that has been written
 * nothing is kept but its annotations.
 */
export async function* maskArchive(
  masks: AsyncIterable<WholeMask>,
  { images, classes, prototypes, step }: MaskArchiveOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (images.count > MOST_MASKS) {
    throw new UserError(
      'export/too-many',
      `"${images.name}" holds ${images.count} images, and a zip holds ${MOST_MASKS} masks. Export parts of the folder, one after the other.`,
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

/** For each prototype the index of its class. */
function indicesOf(all: readonly PrototypeClass[], prototypes: number): Uint16Array {
  const indices = new Uint16Array(prototypes);
  all.forEach((one, index) => one.prototypes.forEach((prototype) => (indices[prototype] = index)));
  return indices;
}

/** Folders that were dropped together may hold files of one path. */
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

/** Gray, an index a pixel: of 8 bits where they do. 255 means "nothing" to many programs and is no class. */
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
    /** As the rows of the prototypes' tensor are counted: from 0. */
    prototypes: one.prototypes,
    cocoCategory: categoryId(index),
  }));
  return `${JSON.stringify({ classes }, undefined, 1)}\n`;
}

const hexOf = (color: readonly number[]): string => color.map((value) => value.toString(16).padStart(2, '0')).join('');

function* encoded(text: Iterable<string>): Iterable<Uint8Array> {
  for (const piece of text) yield strToU8(piece);
}
