import type { Config } from '../config/fields.ts';
import { PRESENT_FRACTION } from '../domain/thresholds.ts';
import { spreadOf } from '../metrics/spread.ts';
import {
  agreeingCells,
  holdersOf,
  labelFractions,
  relativeEntropyOf,
  sumOfLargestAssignments,
} from '../metrics/usage.ts';
import type { HealthMeasures } from '../domain/reports.ts';
import type { OverlayOutput } from './overlayInference.ts';

/** Number of cells, over all images, for the spread of features. */
const SAMPLED_CELLS = 1024;

export interface HealthCounter {
  /** Adds one image: dots of both networks [h·w,K], projections z [h·w,D], and a label per pixel of its overlay. */
  add(output: Pick<OverlayOutput, 'dots' | 'studentDots' | 'z'>, labels: Uint16Array): void;
  measures(): HealthMeasures;
  /** Projections of a sample of cells, over all images: [n,D]. */
  features(): Float32Array;
}

/** Measures the health of both networks on `images` images, added one by one so that large ones aren't held together. */
export function createHealthCounter(config: Config, images: number): HealthCounter {
  const { prototypes, outDim, teacherTemp } = config;
  const fractions = new Float64Array(prototypes);
  const samples: Float32Array[] = [];
  let [cells, agreeing, assigned, active] = [0, 0, 0, 0];
  return {
    add: ({ dots, studentDots, z }, labels) => {
      const own = labelFractions(labels, prototypes);
      own.forEach((fraction, prototype) => (fractions[prototype] += fraction / images));
      active += own.filter((fraction) => fraction >= PRESENT_FRACTION).length / images;
      cells += dots.length / prototypes;
      agreeing += agreeingCells(dots, studentDots, prototypes);
      assigned += sumOfLargestAssignments(dots, prototypes, teacherTemp);
      samples.push(sampleRows(z, outDim, Math.max(1, Math.floor(SAMPLED_CELLS / images))));
    },
    measures: () => ({
      activeSlots: active,
      usageEntropy: relativeEntropyOf(fractions),
      holders: holdersOf(fractions, 0.9),
      maxAssignment: assigned / cells,
      agreement: agreeing / cells,
      featureStd: spreadOf(joined(samples), outDim),
    }),
    features: () => joined(samples),
  };
}

/** Up to `max` evenly spaced rows of [n,D]. */
function sampleRows(rows: Float32Array, channels: number, max: number): Float32Array {
  const available = rows.length / channels;
  const count = Math.min(available, max);
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
