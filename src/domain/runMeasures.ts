/** What a run came to, by the names that tables of runs have. */
export type RunMeasures = Readonly<Record<string, number>>;

interface Measured {
  readonly loss: number;
  readonly lossGroup: number;
  readonly lossSlot: number;
  readonly usedPrototypes: number;
  readonly meanAssignmentEntropy: number;
  readonly agreement: number;
}

interface Scored {
  readonly miou: number;
  readonly pixelAccuracy: number;
  readonly nmi: number;
}

/** A single step is noisy. */
const LAST_STEPS = 10;

/** Means over the last steps of a run. */
export function lastSteps(records: readonly Measured[]): RunMeasures {
  const last = records.slice(-LAST_STEPS);
  const mean = (of: (record: Measured) => number): number =>
    last.reduce((sum, record) => sum + of(record), 0) / last.length;
  return {
    loss: mean((record) => record.loss),
    'grouping loss': mean((record) => record.lossGroup),
    'slot loss': mean((record) => record.lossSlot),
    'prototypes in use': mean((record) => record.usedPrototypes),
    'mean entropy': mean((record) => record.meanAssignmentEntropy),
    agreement: mean((record) => record.agreement),
  };
}

export function scoreMeasures({ miou, pixelAccuracy, nmi }: Scored): RunMeasures {
  return { 'mIoU, %': 100 * miou, 'pixel accuracy, %': 100 * pixelAccuracy, NMI: nmi };
}
