import type { Config } from '../config/fields.ts';
import { COLOR_EXPLAINS, DIP_ENDS_AT_STEP } from '../domain/thresholds.ts';
import type { Health, HealthLine, HealthMeasures } from '../domain/reports.ts';

/** A few images can't show more prototypes than this: usage entropy is judged relative to this many. */
const SHOWN_PROTOTYPES = 16;
const REMEDY = 'Try a wider head init (std 1.28/√hidden width) or a smaller 1-D learning rate factor.';

/**
 * Describes each measure. Thresholds follow the metrics of a step (`trainer/health.ts`) where available: a usage
 * entropy below 0.6 with three prototypes or fewer is a collapse, and so is a feature cosine of 0.95, at which the
 * deviation is √0.05 = 0.22. Before the dip ends only the latter is an alarm.
 */
export function describeHealth(measures: HealthMeasures, config: Config, step: number): Health {
  const early = step < DIP_ENDS_AT_STEP;
  const lines = [
    usageLine(measures, config.prototypes, early),
    activeLine(measures, early),
    assignmentLine(measures, config.prototypes, early),
    agreementLine(measures, early),
    stdLine(measures),
    ...rankLines(measures, config.outDim),
    ...colorLines(measures),
  ];
  return { measures, lines };
}

const EARLY = `normal until step ${DIP_ENDS_AT_STEP}`;

function usageLine({ usageEntropy, holders }: HealthMeasures, prototypes: number, early: boolean): HealthLine {
  const of = (level: HealthLine['level'], verdict: string): HealthLine => {
    const held = `${holders} of ${prototypes} prototypes hold 90% of pixels: ${verdict}`;
    return { name: 'usageEntropy', label: 'Usage entropy', value: usageEntropy.toFixed(2), level, text: held };
  };
  const shown = Math.min(prototypes, SHOWN_PROTOTYPES);
  const relative = shown < 2 ? 1 : (usageEntropy * Math.log(prototypes)) / Math.log(shown);
  if (relative >= 0.8) return of('good', 'well shared');
  if (early) return of('info', `uneven, ${EARLY}`);
  if (relative < 0.6) return of('alarm', `collapsing. ${REMEDY}`);
  return of('info', 'somewhat uneven');
}

function activeLine({ activeSlots }: HealthMeasures, early: boolean): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    return { name: 'activeSlots', label: 'Slots per image', value: activeSlots.toFixed(1), level, text };
  };
  if (activeSlots >= 2) return of('good', 'images are divided into regions');
  if (early) return of('info', `images are hardly divided, ${EARLY}`);
  return of('warning', `one slot takes almost the whole image. ${REMEDY}`);
}

function assignmentLine({ maxAssignment }: HealthMeasures, prototypes: number, early: boolean): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    return { name: 'maxAssignment', label: 'Largest assignment', value: maxAssignment.toFixed(2), level, text };
  };
  if (maxAssignment >= 0.5) return of('good', 'cells are assigned clearly');
  if (early || maxAssignment >= Math.min(0.5, 2 / prototypes)) return of('info', 'cells are still undecided');
  return of('alarm', 'every cell belongs everywhere. Lower the teacher temperature.');
}

function agreementLine({ agreement }: HealthMeasures, early: boolean): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    const value = `${Math.round(100 * agreement)}%`;
    return { name: 'agreement', label: 'Teacher and student agree', value, level, text };
  };
  if (agreement >= 0.8) return of('good', 'the teacher keeps up with the student');
  if (agreement >= 0.5) return of('info', 'the student is ahead of the teacher');
  if (early) return of('info', `the student has left the teacher behind, ${EARLY}`);
  return of('warning', 'the student has left the teacher behind. Lower the learning rate or the teacher momentum.');
}

function stdLine({ featureStd }: HealthMeasures): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    return { name: 'featureStd', label: 'Feature deviation × √D', value: featureStd.toFixed(2), level, text };
  };
  if (Number.isNaN(featureStd)) return of('alarm', 'a feature is not finite');
  if (featureStd < 0.22) return of('alarm', `all features point one way: collapsing. ${REMEDY}`);
  if (featureStd < 0.4) return of('info', 'features point much the same way; 1 is ideal');
  return of('good', 'features differ from place to place; 1 is ideal');
}

function rankLines({ effectiveRank }: HealthMeasures, channels: number): HealthLine[] {
  if (effectiveRank === undefined) return [];
  const of = (level: HealthLine['level'], text: string): HealthLine[] => {
    const value = `${effectiveRank.toFixed(1)} of ${channels}`;
    return [{ name: 'effectiveRank', label: 'Effective rank', value, level, text }];
  };
  if (Number.isNaN(effectiveRank)) return of('alarm', 'a feature is not finite');
  if (effectiveRank < 2) return of('alarm', `features fill a single direction: collapsing. ${REMEDY}`);
  // Fewer directions than the five slots that a healthy run has at least.
  if (effectiveRank < 5) return of('warning', 'features fill few directions: hardly room for five slots');
  return of('good', 'features fill enough directions');
}

/** Whether slots should follow color is for the person to say: no value is bad. */
function colorLines({ colorAgreement }: HealthMeasures): HealthLine[] {
  if (colorAgreement === undefined) return [];
  const [level, text] =
    colorAgreement >= COLOR_EXPLAINS
      ? (['info', 'slots follow color: “Slots by” decides how much'] as const)
      : (['good', 'slots are not those of color alone'] as const);
  return [{ name: 'colorAgreement', label: 'Agreement with color', value: colorAgreement.toFixed(2), level, text }];
}
