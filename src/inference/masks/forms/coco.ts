import { strToU8 } from 'fflate';
import { countsToText } from '../../../lib/rle.ts';
import { createTextPieces, type TextPieces } from '../../../lib/text/textPieces.ts';
import type { ImageMask } from '../imageMask.ts';
import { joinRings } from '../joinRings.ts';
import type { CreateMaskWriter, WriterContext } from '../maskWriter.ts';
import { countsOfObjects } from '../objects.ts';

/** Counts from 1: many readers treat category 0 as background. */
export const categoryId = (index: number): number => index + 1;

export const writeCocoRle: CreateMaskWriter = (context) =>
  createCoco(context, 'annotations.coco.json', (mask) => {
    const size = [mask.height, mask.width];
    const counts = countsOfObjects(mask.runs(), mask.regions(), mask.objects());
    return counts.map((own) => ({ size, counts: countsToText(own) }));
  });

/** A polygon for each connected region. COCO has no holes: they are joined to the outer ring. */
export const writeCocoPolygons: CreateMaskWriter = (context) =>
  createCoco(context, 'annotations.coco-polygons.json', (mask) =>
    mask.outlines().map((regions) => regions.map(joinRings)),
  );

/** Writes annotations in COCO's format (https://cocodataset.org/#format-data), one per object. */
function createCoco(
  { zip, classes, description }: WriterContext,
  fileName: string,
  /** Value of `segmentation` for each object. */
  segmentationsOf: (mask: ImageMask) => readonly unknown[],
): ReturnType<CreateMaskWriter> {
  const images = createList();
  const annotations = createList();
  const text = function* (): Iterable<Uint8Array> {
    const info = { description, coordinates: 'upright: EXIF orientation applied' };
    const categories = classes.map(({ name }, index) => ({ id: categoryId(index), name, supercategory: '' }));
    yield strToU8(`{"info":${JSON.stringify(info)},\n"categories":${JSON.stringify(categories)},\n"images":[`);
    for (const piece of images.read()) yield strToU8(piece);
    yield strToU8('],\n"annotations":[');
    for (const piece of annotations.read()) yield strToU8(piece);
    yield strToU8(']}\n');
  };
  return {
    add: (mask) => {
      const { path, width, height, orientation } = mask;
      const id = images.next();
      const turned = orientation === 1 ? {} : { exif_orientation: orientation };
      images.add({ id, file_name: path, width, height, ...turned });
      const { list } = mask.objects();
      segmentationsOf(mask).forEach((segmentation, at) => {
        const { label, area, box } = list[at];
        annotations.add({
          id: annotations.next(),
          image_id: id,
          category_id: categoryId(label),
          iscrowd: 0,
          area,
          bbox: box,
          segmentation,
        });
      });
    },
    end: () => zip.add(fileName, text(), true),
  };
}

interface List extends Pick<TextPieces, 'read'> {
  /** Id of the next entry, counted from 1: pycocotools treats 0 as no match. */
  next(): number;
  add(entry: unknown): void;
}

/** Entries of a JSON array. */
function createList(): List {
  const pieces = createTextPieces();
  let count = 0;
  return {
    next: () => count + 1,
    add: (entry) => {
      pieces.add(`${count > 0 ? ',' : ''}\n${JSON.stringify(entry)}`);
      count += 1;
    },
    read: () => pieces.read(),
  };
}
