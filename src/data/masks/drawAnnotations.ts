import { UNLABELED } from '../../domain/scores/scores.ts';
import { UserError } from '../../lib/errors.ts';
import { polygonCounts } from '../../lib/polygonCounts.ts';
import { countsFromText } from '../../lib/rle.ts';
import type { AnnotatedImage, Annotation } from './cocoAnnotations.ts';
import { MAX_PIXELS } from '../decode/sniff.ts';
import type { Mask } from './mask.ts';

/** Coordinates farther out are no pixels, and following them would take forever. */
const MAX_COORDINATE = 100_000;

/** Value of pixels without an annotation. */
export const BACKGROUND = 0;

/**
 * Draws the annotations of an image. Where they overlap, the one of fewer pixels is on top; regions of crowds are unlabeled
 * where no other one lies. `valueOf` is the mask value of a category. Throws `mask/annotations`, naming the image.
 */
export function drawAnnotations(
  { file, width, height, annotations }: AnnotatedImage,
  valueOf: (category: number) => number,
): Mask {
  const fail = (problem: string): UserError =>
    new UserError('mask/annotations', `The annotations of "${file}" ${problem}. Export them anew.`);
  const isSize = (side: number): boolean => Number.isInteger(side) && side > 0;
  if (!isSize(width) || !isSize(height) || width * height > MAX_PIXELS)
    throw fail(`are for an image of ${width}×${height} pixels`);
  // Column by column, as runs are.
  const columns = new Uint32Array(width * height).fill(BACKGROUND);
  const regions = annotations.map(({ category, isCrowd, segmentation }) => {
    const parts = runsOf(segmentation, width, height);
    if (!parts.every((counts) => areRuns(counts, width * height)))
      throw fail(`have a region (category ${category}) that is no polygon and no runs of ${width}×${height} pixels`);
    const area = parts.reduce((sum, counts) => sum + insideOf(counts), 0);
    return { value: isCrowd ? UNLABELED : valueOf(category), isCrowd, parts, area };
  });
  // Sorting is stable: of equal areas the later one is on top.
  regions.sort((one, other) => Number(other.isCrowd) - Number(one.isCrowd) || other.area - one.area);
  for (const { value, parts } of regions) {
    for (const counts of parts) fillRuns(columns, counts, value);
  }
  return { width, height, data: asRows(columns, width, height) };
}

function fillRuns(columns: Uint32Array, counts: readonly number[], value: number): void {
  let start = 0;
  counts.forEach((count, turn) => {
    if (turn % 2 === 1) columns.fill(value, start, start + count);
    start += count;
  });
}

function asRows(columns: Uint32Array, width: number, height: number): Uint32Array {
  const rows = new Uint32Array(columns.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) rows[at] = columns[x * height + y];
  }
  return rows;
}

/** Runs of the parts of a region; undefined ones stand for what can't be drawn. */
function runsOf(segmentation: Annotation['segmentation'], width: number, height: number): number[][] {
  if (!('counts' in segmentation)) {
    return segmentation.map((polygon) => (isPolygon(polygon) ? polygonCounts(polygon, width, height) : []));
  }
  const { counts } = segmentation;
  return [typeof counts === 'string' ? countsFromText(counts) : [...counts]];
}

function isPolygon(polygon: unknown): boolean {
  return (
    Array.isArray(polygon) &&
    polygon.length >= 6 &&
    polygon.length % 2 === 0 &&
    polygon.every((coordinate) => Math.abs(coordinate as number) <= MAX_COORDINATE)
  );
}

const areRuns = (counts: readonly number[], pixels: number): boolean =>
  counts.every((count) => Number.isInteger(count) && count >= 0) &&
  counts.reduce((sum, count) => sum + count, 0) === pixels;

const insideOf = (counts: readonly number[]): number =>
  counts.reduce((sum, count, turn) => sum + (turn % 2 === 1 ? count : 0), 0);
