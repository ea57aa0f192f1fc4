import { mutualInformation } from '../domain/scores/mutualInformation.ts';
import { marginalsOf, type ClassScore, type Confusion, type SegmentationScores } from '../domain/scores/scores.ts';
import { IN_USE_FRACTION } from '../domain/thresholds.ts';
import { assignMaximal } from './assignment.ts';

export function createConfusion(prototypes: number, classes: number): Confusion {
  return { prototypes, classes, counts: new Float64Array(prototypes * classes) };
}

/**
 * Scores by both usual conventions. The one-to-one matching maximizes the sum of IoU, hence the mIoU; pixels of unmatched
 * prototypes count as wrong.
 */
export function scoreSegmentation(confusion: Confusion): SegmentationScores {
  const { prototypes, classes, counts } = confusion;
  const { prototypes: held, classes: truth, total } = marginalsOf(confusion);
  const iou = counts.map((both, cell) => {
    const either = held[Math.floor(cell / classes)] + truth[cell % classes] - both;
    return either > 0 ? both / either : 0;
  });
  const classOf = assignMaximal(iou, prototypes, classes);
  const majority = majorityClasses(confusion);
  const majorityIou = groupedIou(confusion, majority, held, truth);
  const perClass = Array.from(truth, (pixels, index): ClassScore => {
    const prototype = classOf.indexOf(index);
    const matchedIou = prototype < 0 ? 0 : iou[prototype * classes + index];
    return { class: index, share: pixels / total, prototype, iou: matchedIou, majorityIou: majorityIou[index] };
  });
  const present = perClass.filter(({ share }) => share > 0);
  const mean = (score: (entry: ClassScore) => number): number => sum(present.map(score)) / present.length;
  const accuracy = (classes_: ArrayLike<number>): number =>
    sum(
      Array.from(held, (_, prototype) =>
        classes_[prototype] < 0 ? 0 : counts[prototype * classes + classes_[prototype]],
      ),
    ) / total;
  return {
    miou: mean((entry) => entry.iou),
    pixelAccuracy: accuracy(classOf),
    majorityMiou: mean((entry) => entry.majorityIou),
    majorityPixelAccuracy: accuracy(majority),
    nmi: mutualInformation(confusion),
    used: held.filter((pixels) => pixels > IN_USE_FRACTION * total).length,
    perClass,
  };
}

/** Each prototype's max frequent class, the first of ties; −1 for a prototype without pixels. */
function majorityClasses({ prototypes, classes, counts }: Confusion): number[] {
  return Array.from({ length: prototypes }, (_, prototype) => {
    const row = counts.subarray(prototype * classes, (prototype + 1) * classes);
    const max = Math.max(...row);
    return max > 0 ? row.indexOf(max) : -1;
  });
}

/** IoU of each class with the union of the prototypes assigned to it. */
function groupedIou(
  confusion: Confusion,
  classOf: readonly number[],
  held: Float64Array,
  truth: Float64Array,
): number[] {
  const both = new Float64Array(confusion.classes);
  const predicted = new Float64Array(confusion.classes);
  classOf.forEach((index, prototype) => {
    if (index < 0) return;
    both[index] += confusion.counts[prototype * confusion.classes + index];
    predicted[index] += held[prototype];
  });
  return Array.from(truth, (pixels, index) => {
    const either = pixels + predicted[index] - both[index];
    return either > 0 ? both[index] / either : 0;
  });
}

const sum = (values: Iterable<number>, of: (value: number) => number = (value) => value): number => {
  let result = 0;
  for (const value of values) result += of(value);
  return result;
};
