import type { Config } from '../config/fields.ts';
import { DIP_ENDS_AT_STEP, SEEN_SHARE } from '../domain/thresholds.ts';
import { spreadOf } from '../metrics/spread.ts';
import { agreeingCells, holdersOf, labelShares, relativeEntropyOf, sumOfLargestAssignments } from '../metrics/usage.ts';
import type { Health, HealthLine, HealthMeasures } from '../domain/reports.ts';
import type { OverlayOutput } from './overlayInference.ts';

/** Cells over all images that the spread of features is measured on: enough for it, and quick. */
const SAMPLED_CELLS = 1024;

export interface HealthCounter {
  /** One image: [h·w,K] dots of both, [h·w,D] projections, and its drawn labels. */
  add(seen: Pick<OverlayOutput, 'dots' | 'studentDots' | 'z'>, labels: Uint16Array): void;
  measures(): HealthMeasures;
}

/** Gathers image by image, so that large ones needn't be held together. */
export function createHealthCounter(config: Config, images: number): HealthCounter {
  const { prototypes, outDim, teacherTemp } = config;
  const shares = new Float64Array(prototypes);
  const samples: Float32Array[] = [];
  let [cells, agreeing, assigned, active] = [0, 0, 0, 0];
  return {
    add: ({ dots, studentDots, z }, labels) => {
      const own = labelShares(labels, prototypes);
      own.forEach((share, prototype) => (shares[prototype] += share / images));
      active += own.filter((share) => share >= SEEN_SHARE).length / images;
      cells += dots.length / prototypes;
      agreeing += agreeingCells(dots, studentDots, prototypes);
      assigned += sumOfLargestAssignments(dots, prototypes, teacherTemp);
      samples.push(sampleRows(z, outDim, Math.max(1, Math.floor(SAMPLED_CELLS / images))));
    },
    measures: () => {
      const { std, effectiveRank } = spreadOf(joined(samples), outDim);
      return {
        activeSlots: active,
        usageEntropy: relativeEntropyOf(shares),
        holders: holdersOf(shares, 0.9),
        maxAssignment: assigned / cells,
        agreement: agreeing / cells,
        featureStd: std,
        effectiveRank,
      };
    },
  };
}

/** Evenly spaced rows of [n,D], at most so many. */
function sampleRows(rows: Float32Array, channels: number, most: number): Float32Array {
  const available = rows.length / channels;
  const count = Math.min(available, most);
  const sampled = new Float32Array(count * channels);
  for (let at = 0; at < count; at++) {
    const start = Math.floor((at * available) / count) * channels;
    sampled.set(rows.subarray(start, start + channels), at * channels);
  }
  return sampled;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** More prototypes than this don't all fit into a few images: the entropy of fewer is asked for. */
const SHOWN_PROTOTYPES = 16;
const REMEDY = 'Try a wider head init (std 1.28/√hidden width) or a smaller 1-D learning rate factor.';

/**
 * The measures in words. Thresholds are those of the step's signals (`health.ts`) where there is one: an entropy of the
 * usage below 0.6 and three prototypes or fewer are a collapse, and so is a cosine of 0.95, at which the deviation is
 * √0.05 = 0.22. Before the dip ends nothing but the last is an alarm.
 */
export function readHealth(measures: HealthMeasures, config: Config, step: number): Health {
  const early = step < DIP_ENDS_AT_STEP;
  const lines = [
    usageLine(measures, config.prototypes, early),
    activeLine(measures, early),
    assignmentLine(measures, config.prototypes, early),
    agreementLine(measures, early),
    stdLine(measures),
    rankLine(measures, config.outDim),
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
    return { name: 'activeSlots', label: 'Slots an image', value: activeSlots.toFixed(1), level, text };
  };
  if (activeSlots >= 2) return of('good', 'images are divided into regions');
  if (early) return of('info', `images are hardly divided, ${EARLY}`);
  return of('warning', `one slot takes almost the whole image. ${REMEDY}`);
}

function assignmentLine({ maxAssignment }: HealthMeasures, prototypes: number, early: boolean): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    return { name: 'maxAssignment', label: 'Largest assignment', value: maxAssignment.toFixed(2), level, text };
  };
  if (maxAssignment >= 0.5) return of('good', 'cells know where they belong');
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

function rankLine({ effectiveRank }: HealthMeasures, channels: number): HealthLine {
  const of = (level: HealthLine['level'], text: string): HealthLine => {
    const value = `${effectiveRank.toFixed(1)} of ${channels}`;
    return { name: 'effectiveRank', label: 'Effective rank', value, level, text };
  };
  if (Number.isNaN(effectiveRank)) return of('alarm', 'a feature is not finite');
  if (effectiveRank < 2) return of('alarm', `features fill a single direction: collapsing. ${REMEDY}`);
  // Fewer directions than the five slots that a healthy run has at least.
  if (effectiveRank < 5) return of('warning', 'features fill few directions: hardly room for five slots');
  return of('good', 'features fill enough directions');
}
