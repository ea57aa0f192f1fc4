import { UserError, errorMessage } from '../../lib/errors.ts';

/** A COCO file of annotations (https://cocodataset.org/#format-data), as far as masks are made of it. */
export interface CocoAnnotations {
  readonly images: readonly AnnotatedImage[];
  /** Names by category id. */
  readonly categories: ReadonlyMap<number, string>;
}

export interface AnnotatedImage {
  /** `file_name`. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  readonly category: number;
  /** True for a region of many objects that nobody separated. */
  readonly isCrowd: boolean;
  /** Polygons x0, y0, x1, y1, …, or runs: as numbers or as text. */
  readonly segmentation: readonly (readonly number[])[] | { readonly counts: readonly number[] | string };
}

type Entries = Readonly<Record<string, unknown>>;

/** Parses a file of annotations; those without a segmentation are left out. Throws `mask/annotations`, naming the file. */
export function parseAnnotations(text: string, name: string): CocoAnnotations {
  const fail = (problem: string): UserError =>
    new UserError(
      'mask/annotations',
      `"${name}" ${problem} Choose a COCO file of instances, or a folder of PNG masks.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw fail(`is no JSON (${errorMessage(thrown)}).`);
  }
  const { images, annotations, categories, ...others } = asEntries(json);
  if (!Array.isArray(images) || !Array.isArray(annotations) || !Array.isArray(categories)) {
    throw fail(`has no lists of images, annotations and categories${'shapes' in others ? ': it is by LabelMe' : ''}.`);
  }
  const all = annotations.map(asEntries);
  if (all.some((one) => 'segments_info' in one)) throw fail('is a panoptic file, whose regions are in its PNGs.');
  const byImage = new Map<unknown, Annotation[]>();
  for (const one of all) {
    const annotation = annotationOf(one);
    if (!annotation) continue;
    const found = byImage.get(one['image_id']);
    if (found) found.push(annotation);
    else byImage.set(one['image_id'], [annotation]);
  }
  if (byImage.size === 0) throw fail(`has ${all.length} annotations, none of them with a segmentation.`);
  return {
    images: images.map(asEntries).map((image) => ({
      // LVIS has addresses alone.
      file: String(image['file_name'] ?? image['coco_url']),
      width: Number(image['width']),
      height: Number(image['height']),
      annotations: byImage.get(image['id']) ?? [],
    })),
    categories: new Map(categories.map(asEntries).map(({ id, name: label }) => [Number(id), String(label)])),
  };
}

function annotationOf({ category_id, iscrowd, segmentation }: Entries): Annotation | undefined {
  const base = { category: Number(category_id), isCrowd: iscrowd === 1 || iscrowd === true };
  if (Array.isArray(segmentation)) {
    const polygons = segmentation as readonly (readonly number[])[];
    return polygons.length > 0 ? { ...base, segmentation: polygons } : undefined;
  }
  const { counts } = asEntries(segmentation);
  if (typeof counts !== 'string' && !Array.isArray(counts)) return undefined;
  return { ...base, segmentation: { counts: counts as string | readonly number[] } };
}

const asEntries = (value: unknown): Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};
