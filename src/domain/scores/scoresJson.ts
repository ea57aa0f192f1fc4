import type { Confusion, SegmentationScores } from './scores.ts';

/** Scores as JSON, with classes by their names in the masks, as numbers where they are numbers. */
export function scoresAsJson(
  scores: SegmentationScores,
  classNames: readonly string[],
  withConfusion?: Confusion,
): Readonly<Record<string, unknown>> {
  const className = (index: number): number | string => {
    const name = classNames[index] ?? String(index);
    return /^\d+$/.test(name) ? Number(name) : name;
  };
  const perClass = scores.perClass.map((one) => ({ ...one, class: className(one.class) }));
  if (!withConfusion) return { ...scores, perClass };
  const { classes, prototypes, counts } = withConfusion;
  const pixels = Array.from({ length: prototypes }, (_, k) => [...counts.subarray(k * classes, (k + 1) * classes)]);
  return { ...scores, perClass, confusion: { classes: classNames.map((_, index) => className(index)), pixels } };
}
