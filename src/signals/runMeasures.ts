import { SUMMARY_ORDER, type StepRecord } from './metrics.ts';

/** Results of a run by their headers in tables of runs. */
export type RunMeasures = Readonly<Record<string, number>>;

interface ScoreValues {
  readonly miou: number;
  readonly pixelAccuracy: number;
  readonly nmi: number;
}

interface Scored {
  readonly scores: ScoreValues;
  /** Where segments follow the edges of the images. */
  readonly edges?: ScoreValues;
}

/** Number of steps averaged, as a single step is noisy. */
const LAST_STEPS = 10;

/** Means over the last steps of a run. */
export function lastSteps(records: readonly StepRecord[]): RunMeasures {
  const last = records.slice(-LAST_STEPS);
  const means = SUMMARY_ORDER.flatMap(([name, { summary }]) =>
    summary === undefined
      ? []
      : [[summary, last.reduce((sum, record) => sum + record[name], 0) / last.length] as const],
  );
  return Object.fromEntries(means);
}

/** Scores, those along edges beside the others. */
export function scoreMeasures({ scores, edges }: Scored): RunMeasures {
  return {
    'mIoU, %': 100 * scores.miou,
    ...(edges && { 'mIoU, edges, %': 100 * edges.miou }),
    'pixel accuracy, %': 100 * scores.pixelAccuracy,
    NMI: scores.nmi,
    ...(edges && { 'NMI, edges': edges.nmi }),
  };
}
