import { segmentScores, topImages } from '../../metrics/nearest.ts';
import { createSlotGrid, slotLabels, wholeWindow } from '../../domain/slotGrid.ts';
import { compareExactly, type Comparison } from './compare.ts';
import { channelsLast, numbers, tensor, type Golden } from './golden.ts';

/** Compares with the published viewer: scores, the nearest images of every prototype, and one upsampled segmentation. */
export function viewerParity({ file, json }: Golden): Record<string, Comparison> {
  const [images, prototypes, height, width] = tensor(file, 'dots').shape;
  const dots = channelsLast(numbers(file, 'dots'), prototypes, height * width);
  const scores = segmentScores(dots, { images, height, width, prototypes });
  const theirs = numbers(file, 'scores');
  const maxRel = scores.reduce((max, score, at) => Math.max(max, Math.abs(score - theirs[at])), 0);
  const tolerance = (json.tolerances as unknown as { scores_abs: number }).scores_abs;
  const results: Record<string, Comparison> = {
    scores: { maxRel, tolerance, ok: maxRel <= tolerance },
    nearestImages: compareExactly(topImages(scores, prototypes, json.topk as number).flat(), numbers(file, 'idxs')),
  };
  for (const name of file.tensors.keys()) {
    const match = /^upsampled_argmax_slot(\d+)_top(\d+)$/.exec(name);
    if (!match) continue;
    const [, slot, rank] = match;
    const image = numbers(file, 'idxs')[Number(slot) * (json.topk as number) + Number(rank) - 1];
    const [outHeight, outWidth] = tensor(file, name).shape;
    const size = height * width * prototypes;
    const own = dots.subarray(image * size, (image + 1) * size);
    const labels = slotLabels(createSlotGrid(own, prototypes, height, width), wholeWindow(outWidth, outHeight));
    results[`upsampledArgmax/slot${slot}`] = compareExactly(labels, numbers(file, name));
  }
  return results;
}
