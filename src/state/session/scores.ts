import { openPickedMasks } from '../../data/masks/pickedMasks.browser.ts';
import type { SegmentationScores } from '../../domain/scores/scores.ts';
import type { Baselines, ScoreReport } from '../../domain/reports.ts';
import type { MaskFile, ScoringTarget } from '../../worker/contracts.ts';
import { asEntries, type Memory } from '../platform/memory.ts';
import type { SessionCore } from './core.ts';
import { datasetOf, type ImagesSlice } from './images.ts';
import type { JobActions, JobsSlice } from './jobs.ts';
import type { PickedImages } from './listing.ts';
import { subjectOf, type ResumeSlice } from './resume.ts';
import { runOf, type RunSlice } from './run.ts';

/** The masks that the slots are scored by. */
export type MasksChoice =
  /** Nothing yet: a folder of masks is to be chosen. Sample scenes have masks of their own. */
  | { readonly status: 'none' }
  /** `masked` of the images have one; unknown until the images are there. */
  | {
      readonly status: 'folder';
      /** Of the folder, or of the file of annotations. */
      readonly name: string;
      readonly files: number;
      readonly masked: number | undefined;
      /** How they were matched, in words; known with `masked`. */
      readonly how?: string;
    };

/** Settings of the scores; remembered. */
export interface Scoring {
  readonly voidValue: number | undefined;
  /** Steps between scores while training; 0 for none. */
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
  /** One point per scored step, in order. */
  readonly curve: readonly ScorePoint[];
}

const INITIAL_STATE: ScoresState = {
  masks: { status: 'none' },
  scoring: { voidValue: undefined, everySteps: 0 },
  report: undefined,
  baselines: undefined,
  curve: [],
};

export interface ScoresSlice {
  readonly scores: ScoresState;
}

export const INITIAL_SCORES: ScoresSlice = { scores: INITIAL_STATE };

/** Maximum number of images that are scored while a run trains; on demand, all are. */
export const LIVE_IMAGES = 64;

/** Masks of the chosen folder, else those of sample scenes, if these are the images. */
export function scoringTarget({ masks, scoring }: ScoresState, areSamples: boolean): ScoringTarget | undefined {
  const source = masks.status === 'folder' ? 'masks' : areSamples ? 'heldOutScenes' : undefined;
  if (!source) return undefined;
  const { voidValue } = scoring;
  return { source, ...(source === 'masks' && voidValue !== undefined ? { voidValue } : {}) };
}

/** Adds a report to the curve; it replaces those of its step and of later ones. */
export function withReport(scores: ScoresState, report: ScoreReport): ScoresState {
  const { miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi } = report.scores;
  const point = { step: report.step, miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi };
  return { ...scores, report, curve: [...scores.curve.filter(({ step }) => step < report.step), point] };
}

/** Parses what was remembered; invalid values get their defaults. */
export function recallScoring(value: unknown): Scoring {
  const { voidValue, everySteps } = asEntries(value);
  return {
    voidValue: isWhole(voidValue, MAX_VALUE) ? voidValue : undefined,
    everySteps: isWhole(everySteps, MAX_STEPS) ? everySteps : 0,
  };
}

export const MAX_VALUE = 65_535;
export const MAX_STEPS = 1_000_000;

export const isWhole = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

export interface ScoreActions {
  /** Scores by the masks of a folder, or a file of annotations, from now on; `pick` may give nothing: the person changed their mind. */
  chooseMasks(pick: () => Promise<PickedImages | undefined>): Promise<void>;
  forgetMasks(): void;
  setScoring(change: Partial<Scoring>): void;
  /** Scores all images that have masks, and the baselines if they aren't known yet. */
  score(): Promise<void>;
}

/** Actions, and what the session needs beside them. */
export interface ScoresPart {
  readonly actions: ScoreActions;
  /** Hands masks and live scoring to a new worker. */
  reload(): void;
}

type Slices = ScoresSlice & ImagesSlice & JobsSlice & RunSlice & ResumeSlice;

export function createScoresSlice(
  { store, request, flush, reportThrown }: SessionCore<Slices>,
  { runJob, cancelJobs }: JobActions,
  memory: Memory,
): ScoresPart {
  const { getState: get } = store;
  const set = (change: Partial<ScoresState>): void =>
    store.setState(({ scores }) => ({ scores: { ...scores, ...change } }));
  const add = (added: ScoreReport): void => store.setState(({ scores }) => ({ scores: withReport(scores, added) }));
  set({ scoring: recallScoring(memory.recall('scoring')) });

  let files: readonly MaskFile[] = [];
  /** Aborts the latest `readMasks`. */
  let sending = new AbortController();
  const sendMasks = async (): Promise<void> => {
    sending.abort();
    if (get().scores.masks.status !== 'folder') return;
    sending = new AbortController();
    const { signal } = sending;
    try {
      const { masked, how } = await request('readMasks', { files }, { signal });
      const { masks } = get().scores;
      if (!signal.aborted && masks.status === 'folder') set({ masks: { ...masks, masked, how } });
    } catch (thrown) {
      reportThrown('masks/unreadable', thrown);
    }
  };
  const target = (): ScoringTarget | undefined =>
    scoringTarget(get().scores, datasetOf(get().images)?.samples ?? false);
  /** Aborts the latest `scoreEvery`. */
  let live = new AbortController();
  const scoreLive = async (): Promise<void> => {
    live.abort();
    const { everySteps } = get().scores.scoring;
    const all = target();
    if (everySteps === 0 || !all) return;
    live = new AbortController();
    const onProgress = (scored: ScoreReport): void => {
      // The scored step comes first.
      flush();
      add(scored);
    };
    const input = { everySteps, target: { ...all, limit: LIVE_IMAGES } };
    await request('scoreEvery', input, { signal: live.signal, onProgress }).catch((thrown: unknown) =>
      reportThrown('worker/unexpected', thrown),
    );
  };
  /** Counts changes after which scores on their way are no longer comparable. */
  let rules = 0;
  const reset = (change: Partial<ScoresState> = {}): void => {
    rules++;
    cancelJobs('score');
    cancelJobs('baselines');
    set({ report: undefined, baselines: undefined, curve: [], ...change });
    void scoreLive();
  };
  let subject = subjectOf(get());
  store.subscribe((state, before) => {
    if (datasetOf(state.images)?.datasetId !== datasetOf(before.images)?.datasetId) void sendMasks();
    const now = subjectOf(state);
    if (now === subject) return;
    subject = now;
    reset({ curve: keptCurve(state) });
  });

  const score = async (): Promise<void> => {
    const all = target();
    if (!all || get().jobs.some(({ kind }) => kind === 'score' || kind === 'baselines')) return;
    const mine = rules;
    const scored = await runJob('score', all);
    if (scored.status !== 'done' || mine !== rules) return;
    add(scored.result);
    if (get().scores.baselines) return;
    const compared = await runJob('baselines', all);
    if (compared.status === 'done' && mine === rules) set({ baselines: compared.result });
  };

  return {
    actions: {
      score,
      chooseMasks: async (pick) => {
        try {
          const picked = await pick();
          if (!picked) return;
          const masks = await openPickedMasks(picked);
          files = masks;
          reset({ masks: { status: 'folder', name: picked.name, files: masks.length, masked: undefined } });
          void sendMasks();
        } catch (thrown) {
          reportThrown('masks/unreadable', thrown);
        }
      },
      forgetMasks: () => {
        files = [];
        reset({ masks: { status: 'none' } });
      },
      setScoring: (change) => {
        const { scoring } = get().scores;
        const next = { ...scoring, ...change };
        if (next.voidValue !== undefined && !isWhole(next.voidValue, MAX_VALUE)) return;
        if (!isWhole(next.everySteps, MAX_STEPS)) return;
        if (next.voidValue !== scoring.voidValue) reset({ scoring: next });
        else {
          set({ scoring: next });
          void scoreLive();
        }
        memory.remember('scoring', next);
      },
    },
    reload: () => {
      void sendMasks();
      void scoreLive();
    },
  };
}

/** A run that continues the curves that are there continues that of its scores, as far as it has come. */
function keptCurve({ run, scores }: Slices): ScoresState['curve'] {
  const keeps = run.status === 'preparing' ? run.plan.keepsHistory : (runOf(run)?.keepsHistory ?? false);
  return keeps ? scores.curve : [];
}
