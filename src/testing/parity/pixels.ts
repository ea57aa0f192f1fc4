import { gaussianBlur } from '../../data/augment/blur.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  solarize,
  toGray,
} from '../../data/augment/color.ts';
import { flipBox, overlapCoords } from '../../data/augment/crops.ts';
import type { Box, RgbImage } from '../../domain/images.ts';
import { cropResize, flipHorizontal, resizeCenterCrop, type CropBox } from '../../data/resample.ts';
import { compare, compareExactly, worst, type Comparison } from './compare.ts';
import { numbers, tensor, type Golden } from './golden.ts';

const ADJUST = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
} as const;
type Adjustment = keyof typeof ADJUST;
/** Adjustments by their ids in the golden's `order`. */
const BY_ID: readonly Adjustment[] = ['brightness', 'contrast', 'saturation', 'hue'];

interface PixelFacts {
  readonly resize: {
    readonly tolerance_u8: number;
    readonly cases: readonly { readonly ijhw: readonly number[]; readonly size_hw: readonly [number, number] }[];
  };
  readonly color: {
    readonly tolerance_u8: number;
    readonly ops: Readonly<Record<Adjustment, readonly number[]>>;
    readonly composed: readonly (Readonly<Record<Adjustment, number>> & { readonly order: readonly number[] })[];
  };
  readonly blur: { readonly tolerance_u8: number; readonly sigmas: readonly number[] };
}

/** Compares the operations of the augmentation; `maxRel` is in levels of 255. */
export function pixelsParity({ file, json }: Golden): Record<string, Comparison> {
  const { resize, color, blur } = json as unknown as PixelFacts;
  const source = imageOf(file, 'resize/image_hwc');
  const image = imageOf(file, 'color/image_hwc');
  const same = (ours: RgbImage, name: string, tolerance: number): Comparison =>
    levels(ours, imageOf(file, name), tolerance);

  const resized = resize.cases.flatMap(({ ijhw, size_hw: [height, width] }, index) =>
    (['bicubic', 'bilinear'] as const).map((filter) =>
      same(cropResize(source, boxOf(ijhw), height, width, filter), `resize/${filter}${index}`, resize.tolerance_u8),
    ),
  );
  resized.push(same(flipHorizontal(source), 'resize/hflip', 0));
  const [, resizeTo, cropTo] = /viz_resize(\d+)_center(\d+)/.exec([...file.tensors.keys()].join(' ')) ?? [];
  if (cropTo) {
    const viewed = resizeCenterCrop(source, Number(resizeTo), Number(cropTo), 'bilinear');
    resized.push(same(viewed, `resize/viz_resize${resizeTo}_center${cropTo}`, resize.tolerance_u8));
  }

  const jitter = (index: number): RgbImage => {
    const amounts = color.composed[index];
    return amounts.order.reduce((result, id) => ADJUST[BY_ID[id]](result, amounts[BY_ID[id]]), image);
  };
  const colored = BY_ID.flatMap((name) =>
    color.ops[name].map((amount, index) =>
      same(ADJUST[name](image, amount), `color/${name}${index}`, color.tolerance_u8),
    ),
  );
  colored.push(...color.composed.map((_, index) => same(jitter(index), `color/composed${index}`, color.tolerance_u8)));
  colored.push(same(toGray(image), 'color/gray', 0), same(solarize(image), 'color/solarize128', 0));

  const blurred = blur.sigmas.map((sigma, index) =>
    same(gaussianBlur(image, sigma), `color/blur${index}`, blur.tolerance_u8),
  );
  blurred.push(same(gaussianBlur(toGray(jitter(1)), 1.3), 'color/chain_jitter1_gray_blur1.3', blur.tolerance_u8));
  blurred.push(same(solarize(gaussianBlur(jitter(1), 0.8)), 'color/chain_jitter1_blur0.8_solarize', 0));
  return { resize: worst(resized), color: worst(colored), blur: worst(blurred), overlap: overlap(file) };
}

function imageOf(file: Golden['file'], name: string): RgbImage {
  const stored = tensor(file, name);
  if (stored.dtype !== 'U8') throw new Error(`the golden's "${name}" is no image`);
  const [height, width] = stored.shape;
  return { width, height, data: stored.data };
}

/** Largest difference in levels. */
function levels(ours: RgbImage, theirs: RgbImage, tolerance: number): Comparison {
  if (ours.width !== theirs.width || ours.height !== theirs.height) throw new Error('images of different sizes');
  const maxRel = ours.data.reduce((max, level, at) => Math.max(max, Math.abs(level - theirs.data[at])), 0);
  return { maxRel, tolerance, ok: maxRel <= tolerance };
}

const boxOf = ([top, left, height, width]: readonly number[]): CropBox => ({ top, left, height, width });

/** Overlap boxes of drawn crops, disjoint pairs among them, and the mirrored ones. */
function overlap(file: Golden['file']): Comparison {
  const rows = (name: string): number[][] => {
    const values = Array.from(numbers(file, name));
    return Array.from({ length: values.length / 4 }, (_, row) => values.slice(row * 4, row * 4 + 4));
  };
  const second = rows('coords/params1_ijhw').map(boxOf);
  const pairs = rows('coords/params0_ijhw').map((first, index) => overlapCoords(boxOf(first), second[index]));
  const flat = (boxes: readonly Box[]): number[] => boxes.flatMap((box) => box.map(Math.fround));
  const mirrored = pairs.map(([box]) => flipBox(box));
  return worst([
    compareExactly(flat(pairs.map(([box]) => box)), numbers(file, 'coords/clipped0')),
    compareExactly(flat(pairs.map(([, box]) => box)), numbers(file, 'coords/clipped1')),
    compare(flat(mirrored), numbers(file, 'coords/clipped0_flipped'), { tolerance: 1e-6 }),
  ]);
}
