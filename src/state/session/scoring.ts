import type { SegmentationScores } from '../../domain/scores.ts';
import type { Baselines, ScoreReport } from '../../domain/reports.ts';
import type { ScoringTarget } from '../../worker/protocol.ts';
import { asEntries } from '../platform/memory.ts';

/** What the slots are judged by. */
export type MasksChoice =
  /** Nothing yet: a folder of masks is to be chosen. Sample scenes have masks of their own. */
  | { readonly status: 'none' }
  /** `masked` of the images have one; unknown until the images are there. */
  | { readonly status: 'folder'; readonly name: string; readonly files: number; readonly masked: number | undefined };

/** How to score: remembered. */
export interface Scoring {
  readonly voidValue: number | undefined;
  /** While training; 0 for only when asked. */
  readonly everySteps: number;
}

export type ScoreNumbers = Pick<
  SegmentationScores,
  'miou' | 'pixelAccuracy' | 'majorityMiou' | 'majorityPixelAccuracy' | 'nmi'
>;

export interface ScorePoint extends ScoreNumbers {
  readonly step: number;
}

export interface ScoresState {
  readonly masks: MasksChoice;
  readonly scoring: Scoring;
  readonly report: ScoreReport | undefined;
  readonly baselines: Baselines | undefined;
  /** One for each scored step, in order. */
  readonly curve: readonly ScorePoint[];
}

export const INITIAL_SCORES: ScoresState = {
  masks: { status: 'none' },
  scoring: { voidValue: undefined, everySteps: 0 },
  report: undefined,
  baselines: undefined,
  curve: [],
};

/** Pictures that are scored while a run trains; when asked for, all are. */
export const LIVE_PICTURES = 64;

/** The masks of a folder that was chosen, else those of sample scenes, if these are the images. */
export function judgedBy({ masks, scoring }: ScoresState, areSamples: boolean): ScoringTarget | undefined {
  const by = masks.status === 'folder' ? 'masks' : areSamples ? 'heldOutScenes' : undefined;
  if (!by) return undefined;
  const { voidValue } = scoring;
  return { by, ...(by === 'masks' && voidValue !== undefined ? { voidValue } : {}) };
}

/** The curve with what a report adds; a step that is scored again counts anew, as do the steps after it. */
export function withReport(scores: ScoresState, report: ScoreReport): ScoresState {
  const { miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi } = report.scores;
  const point = { step: report.step, miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi };
  return { ...scores, report, curve: [...scores.curve.filter(({ step }) => step < report.step), point] };
}

/** What was remembered, as far as it makes sense. */
export function recallScoring(value: unknown): Scoring {
  const { voidValue, everySteps } = asEntries(value);
  return {
    voidValue: isWhole(voidValue, MOST_VALUE) ? voidValue : undefined,
    everySteps: isWhole(everySteps, MOST_STEPS) ? everySteps : 0,
  };
}

export const MOST_VALUE = 255;
export const MOST_STEPS = 1_000_000;

export const isWhole = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
