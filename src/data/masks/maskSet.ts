import type { ImageSource } from '../../domain/images.ts';
import { parseAnnotations } from './cocoAnnotations.ts';
import { BACKGROUND, drawAnnotations } from './drawAnnotations.ts';
import { fitMask } from './fitMask.ts';
import { decodeMask, maskValueName, type Mask } from './mask.ts';
import { isAnnotationsPath } from './maskFiles.ts';
import { addTally, checkValues, tallyValues, type ValueTally } from './maskValues.ts';
import { matchFileNames, matchMasks, type MaskMatch } from './matchMasks.ts';

/** A file to be read; `read` throws a UserError that names it. */
export interface MaskBytes {
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** Masks of a set of images. */
export interface MaskSet {
  readonly match: MaskMatch;
  /** The mask of an image that has one, upright as its image is. Throws a UserError if it can't be used. */
  read(image: number): Promise<Mask>;
  /** The same, for the first time: also throws if its values aren't those of a mask. */
  check(image: number): Promise<void>;
  /** Throws a UserError if the values of all masks that were checked aren't those of masks. */
  checkAll(): void;
  /** Name of the class of a mask value. */
  className(value: number): string;
}

/** Masks from PNG files, or from one file of COCO annotations. */
export async function openMaskSet(images: ImageSource, files: readonly MaskBytes[]): Promise<MaskSet> {
  const [first] = files;
  return files.length === 1 && isAnnotationsPath(first.path) ? annotationSet(images, first) : pngSet(images, files);
}

function pngSet(images: ImageSource, files: readonly MaskBytes[]): MaskSet {
  const match = matchMasks(
    pathsOf(images),
    files.map(({ path }) => path),
  );
  const all: ValueTally = new Map();
  const read = async (image: number): Promise<Mask> => {
    const { path, read: bytes } = files[match.maskOf[image]];
    return fitMask(decodeMask(await bytes(), path), images.dimensions(image), path);
  };
  return {
    match,
    read,
    check: async (image) => {
      const tally = tallyValues(await read(image));
      checkValues(tally, `The mask "${files[match.maskOf[image]].path}" has`);
      addTally(all, tally);
    },
    checkAll: () => checkValues(all, 'Together the masks have'),
    className: maskValueName,
  };
}

async function annotationSet(images: ImageSource, file: MaskBytes): Promise<MaskSet> {
  const { images: annotated, categories } = parseAnnotations(new TextDecoder().decode(await file.read()), file.path);
  const match = matchFileNames(
    pathsOf(images),
    annotated.map(({ file: name }) => name),
  );
  // Values are category ids. Where one is that of pixels without annotations, all count one higher.
  const shift = categories.has(BACKGROUND) ? 1 : 0;
  const draw = (image: number): Mask => {
    const entry = annotated[match.maskOf[image]];
    const mask = drawAnnotations(entry, (category) => category + shift);
    return fitMask(mask, images.dimensions(image), entry.file);
  };
  const read = (image: number): Promise<Mask> => Promise.resolve().then(() => draw(image));
  return {
    match,
    read,
    check: async (image) => {
      await read(image);
    },
    // Drawn from outlines, no value can lie between those of two classes.
    checkAll: () => undefined,
    className: (value) =>
      value === BACKGROUND ? 'background' : (categories.get(value - shift) ?? String(value - shift)),
  };
}

const pathsOf = (images: ImageSource): string[] => Array.from({ length: images.count }, (_, at) => images.path(at));
