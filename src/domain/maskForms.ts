/** A form in which masks of a model are written for other programs. */
export interface MaskForm {
  /** For the command line. */
  readonly id: string;
  readonly label: string;
  /** One line on what is written, and for whom. */
  readonly purpose: string;
  /** Files per image, at most. */
  readonly files: number;
  /** True if it tells objects apart, and so follows `MaskOptions.per`. */
  readonly hasObjects: boolean;
}

/** All forms: the dialog, `npm run export` and its usage derive from this list. */
export const MASK_FORMS = [
  {
    id: 'png',
    label: 'Index PNGs',
    purpose: 'masks/: the number of each pixel’s class, under a palette of the slots’ colors.',
    files: 1,
    hasObjects: false,
  },
  {
    id: 'coco-rle',
    label: 'COCO, run lengths',
    purpose: 'annotations.coco.json: exact masks for pycocotools and what builds on it.',
    files: 0,
    hasObjects: true,
  },
  {
    id: 'coco-polygons',
    label: 'COCO, polygons',
    purpose: 'annotations.coco-polygons.json: outlines within half a pixel, for programs that read no run lengths.',
    files: 0,
    hasObjects: true,
  },
  {
    id: 'yolo',
    label: 'YOLO segmentation',
    purpose: 'labels/*.txt and data.yaml, to lie beside your images/.',
    files: 1,
    hasObjects: true,
  },
  {
    id: 'voc',
    label: 'Pascal VOC',
    purpose: 'SegmentationClass/, ImageSets/ and labelmap.txt; SegmentationObject/ with an object per region.',
    files: 2,
    hasObjects: true,
  },
  {
    id: 'overlay',
    label: 'Overlay JPEGs',
    purpose: 'overlays/: each photograph under the slots’ colors, up to 2048 px a side, to look at.',
    files: 1,
    hasObjects: false,
  },
] as const satisfies readonly MaskForm[];

export type MaskFormId = (typeof MASK_FORMS)[number]['id'];

/** What counts as one object: all pixels of a class in an image, or a connected region of them. */
export const OBJECTS = ['class', 'region'] as const;

export interface MaskOptions {
  /** At least one. */
  readonly forms: readonly MaskFormId[];
  readonly per: (typeof OBJECTS)[number];
  /** Connected regions below this fraction of their image are left out; with `per: 'region'`. */
  readonly minRegion: number;
  /** Borders follow the edges of the photograph. */
  readonly edges: boolean;
}

export const DEFAULT_MASK_OPTIONS: MaskOptions = {
  forms: ['png', 'coco-rle'],
  per: 'class',
  minRegion: 0.001,
  edges: true,
};
