import { strToU8 } from 'fflate';
import type { ImageSource } from '../../domain/images.ts';
import { MASK_FORMS, type MaskOptions } from '../../domain/maskForms.ts';
import { UserError } from '../../lib/errors.ts';
import { prototypeColor } from '../../domain/palette.ts';
import { classLabel, listClasses, type PrototypeClass, type PrototypeClasses } from '../../domain/classes.ts';
import { createZipStream, MAX_ZIP_FILES } from '../../lib/zip/zipStream.ts';
import type { WholeMask } from './wholeMasks.ts';
import { categoryId } from './forms/coco.ts';
import { createImageMask } from './imageMask.ts';
import type { Photographs } from './maskWriter.ts';
import { MASK_WRITERS } from './writers.ts';

export interface MaskArchiveOptions {
  readonly images: ImageSource;
  readonly classes: PrototypeClasses;
  /** Number of prototypes of the model. */
  readonly prototypes: number;
  /** Number of steps the model was trained for. */
  readonly step: number;
  readonly options: MaskOptions;
  readonly photographs: Photographs;
}

/** Number of files about all masks, at most. */
const COMMON_FILES = 7;

/**
 * Writes masks as a zip, in chunks: `classes.json` and the files of each form. Of a written mask only the annotations stay
 * in memory, compressed. Overwrites the labels of `masks`.
 */
export async function* maskArchive(
  masks: AsyncIterable<WholeMask>,
  { images, classes, prototypes, step, options, photographs }: MaskArchiveOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  requireRoom(images, options);
  const all = listClasses(classes, prototypes);
  const indices = indicesOf(all, prototypes);
  const zip = createZipStream();
  const context = {
    zip,
    options,
    photographs,
    classes: all.map((one) => ({ name: classLabel(one), color: prototypeColor(one.prototypes[0], prototypes) })),
    description: `Masks of "${images.name}" by slotcon-tab, at step ${step}`,
    unusedName: createNames(),
  };
  const create = await Promise.all(options.forms.map((form) => MASK_WRITERS[form]()));
  const writers = create.map((writer) => writer(context));
  for await (const { imageIndex, width, height, labels } of masks) {
    for (let at = 0; at < labels.length; at++) labels[at] = indices[labels[at]];
    const { orientation } = images.dimensions(imageIndex);
    const path = images.path(imageIndex);
    const mask = createImageMask({ imageIndex, path, width, height, orientation, labels }, options);
    for (const writer of writers) await writer.add(mask);
    yield* zip.take();
  }
  zip.add('classes.json', [strToU8(classesJson(all, prototypes))], true);
  for (const writer of writers) writer.end();
  zip.end();
  yield* zip.take();
}

function requireRoom({ name, count }: ImageSource, { forms }: MaskOptions): void {
  const perImage = MASK_FORMS.filter(({ id }) => forms.includes(id)).reduce((sum, { files }) => sum + files, 0);
  const most = Math.floor((MAX_ZIP_FILES - COMMON_FILES) / Math.max(1, perImage));
  if (count <= most) return;
  throw new UserError(
    'export/too-many',
    `"${name}" holds ${count} images, and a zip of these forms holds ${most}. Choose fewer forms, or export parts of the folder one after the other.`,
  );
}

/** Class index of each prototype. */
function indicesOf(all: readonly PrototypeClass[], prototypes: number): Uint16Array {
  const indices = new Uint16Array(prototypes);
  all.forEach((one, index) => one.prototypes.forEach((prototype) => (indices[prototype] = index)));
  return indices;
}

function createNames(): (path: string, ending: string) => string {
  const used = new Set<string>();
  return (path, ending) => {
    let name = `${path}${ending}`;
    for (let copy = 2; used.has(name); copy++) name = `${path}-${copy}${ending}`;
    used.add(name);
    return name;
  };
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
