import { countsToText, regionsOf } from '../lib/rle.ts';
import { createTextPieces, type TextPieces } from '../lib/textPieces.ts';

/** Writes annotations in COCO's format (https://cocodataset.org/#format-data), one per class of each image. */
export interface Coco {
  add(path: string, mask: { readonly width: number; readonly height: number; readonly labels: Uint16Array }): void;
  /** Yields the whole file in pieces. Nothing can be added afterwards. */
  text(): Iterable<string>;
}

/** Counts from 1: many readers treat category 0 as background. */
export const categoryId = (index: number): number => index + 1;

/** `names[label]` is the class name of a mask label. */
export function createCoco(names: readonly string[], description: string): Coco {
  const images = createList();
  const annotations = createList();
  const add: Coco['add'] = (path, { width, height, labels }) => {
    const imageId = images.next();
    images.add({ id: imageId, file_name: path, width, height });
    for (const { label, counts, area, box } of regionsOf(labels, width, height)) {
      annotations.add({
        id: annotations.next(),
        image_id: imageId,
        category_id: categoryId(label),
        iscrowd: 0,
        area,
        bbox: box,
        segmentation: { size: [height, width], counts: countsToText(counts) },
      });
    }
  };
  return {
    add,
    text: function* () {
      const categories = names.map((name, index) => ({ id: categoryId(index), name, supercategory: '' }));
      yield `{"info":${JSON.stringify({ description })},\n"categories":${JSON.stringify(categories)},\n"images":[`;
      yield* images.read();
      yield '],\n"annotations":[';
      yield* annotations.read();
      yield ']}\n';
    },
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
