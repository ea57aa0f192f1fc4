import type { Verdict } from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { DIP_ENDS_AT_STEP } from '../domain/thresholds.ts';

/**
 * Judges the metrics of a step. Thresholds are from some 350 runs on small sets, healthy and collapsed; loss or agreement
 * alone mislead, as the collapse to a few slots scores best on both.
 */
export function judge(record: StepRecord): Verdict {
  return collapse(record) ?? progress(record);
}

function collapse(record: StepRecord): Verdict | undefined {
  const { step, featureCosine, biasRatio, usedPrototypes, meanAssignmentEntropy, assignmentEntropy, usage } = record;
  const remedy = 'Start again with a wider head init (std 1.28/√hidden width) or a smaller 1-D learning rate factor.';
  if (featureCosine > 0.95) {
    return alarm(
      'collapsing: all features point one way',
      `Feature cosine ${featureCosine.toFixed(2)} is above 0.95. ${remedy}`,
    );
  }
  if (biasRatio > 0.8) {
    return alarm(
      'collapsing: a bias takes over',
      `The projector's last bias has ${biasRatio.toFixed(2)} of its outputs' norm; healthy is below 0.8. ${remedy}`,
    );
  }
  if (step < DIP_ENDS_AT_STEP) return undefined;
  if (usedPrototypes <= 3 || meanAssignmentEntropy < 0.6) {
    const top = [...usage]
      .sort((a, b) => b - a)
      .slice(0, 3)
      .reduce((sum, fraction) => sum + fraction, 0);
    const title = `collapsing: 3 of ${usage.length} hold ${Math.round(100 * top)}%`;
    return alarm(
      title,
      `${usedPrototypes} prototypes in use, entropy of the mean assignment ${meanAssignmentEntropy.toFixed(2)} (healthy: at least 5 and 0.8). ${remedy}`,
    );
  }
  if (assignmentEntropy > 0.9) {
    return alarm(
      'collapsing: every pixel belongs everywhere',
      `Entropy per cell is ${assignmentEntropy.toFixed(2)}; healthy is below 0.9. Lower the teacher temperature.`,
      'temperature',
    );
  }
  return undefined;
}

function progress({ step, agreement, assignmentEntropy, meanAssignmentEntropy, usedPrototypes }: StepRecord): Verdict {
  const numbers =
    `Views agree on ${Math.round(100 * agreement)}% of cells (forming: 60% or more), entropy per cell ${assignmentEntropy.toFixed(2)} ` +
    `(below 0.50), of the mean ${meanAssignmentEntropy.toFixed(2)} (0.80 or more), ${usedPrototypes} prototypes in use (5 or more).`;
  if (agreement >= 0.6 && assignmentEntropy < 0.5 && meanAssignmentEntropy >= 0.8 && usedPrototypes >= 5) {
    return { level: 'good', title: 'slots are forming', detail: numbers };
  }
  if (step < DIP_ENDS_AT_STEP) {
    return { level: 'info', title: `features aligning, normal until step ${DIP_ENDS_AT_STEP}`, detail: numbers };
  }
  return { level: 'info', title: 'no clear slots yet', detail: numbers };
}

const alarm = (title: string, detail: string, remedy: Verdict['remedy'] = 'heads'): Verdict => ({
  level: 'alarm',
  title,
  detail,
  remedy,
});
