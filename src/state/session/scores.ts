import type { FromWorker, ScoringTarget, ToWorker } from '../../worker/protocol.ts';
import type { Memory } from '../platform/memory.ts';
import { isWhole, judgedBy, LIVE_PICTURES, MOST_STEPS, MOST_VALUE, recallScoring, withReport } from './scoring.ts';
import type { Scoring, ScoresState } from './scoring.ts';
import type { PickedImages } from './listing.ts';
import type { SessionCore } from './core.ts';
import type { SessionJobs } from './jobs.ts';
import { datasetOf, runOf, subjectOf, type SessionState } from './state.ts';

export interface SessionScores {
  /** Judges by the masks of a folder from now on; `pick` may give nothing: the person changed their mind. */
  chooseMasks(pick: () => Promise<PickedImages | undefined>): Promise<void>;
  forgetMasks(): void;
  setScoring(change: Partial<Scoring>): void;
  /** Scores all images that have masks, and whatever there is to compare with that isn't known yet. */
  score(): Promise<void>;
}

/** …and what the session's other parts tell it. */
export interface ScoresPart extends SessionScores {
  masksRead(message: Extract<FromWorker, { type: 'masksRead' }>): void;
  scored(message: Extract<FromWorker, { type: 'scored' }>): void;
  /** Has a new worker know the masks that the last one had. */
  readMasksAgain(): void;
}

type MaskFiles = Extract<ToWorker, { type: 'readMasks' }>['files'];

export function createSessionScores(
  { store, post, nextId, report, reportThrown }: SessionCore,
  { runJob, cancelJobs }: SessionJobs,
  memory: Memory,
): ScoresPart {
  const { getState: get } = store;
  const set = (change: Partial<ScoresState>): void =>
    store.setState(({ scores }) => ({ scores: { ...scores, ...change } }));
  set({ scoring: recallScoring(memory.recall('scoring')) });
  let files: MaskFiles = [];
  let asked = 0;
  const sendMasks = (): void => {
    if (get().scores.masks.status === 'folder') post({ type: 'readMasks', requestId: (asked = nextId()), files });
  };
  /** Changes whenever an answer that is on its way would be about something else. */
  let rules = 0;
  const judged = (): ScoringTarget | undefined => judgedBy(get().scores, datasetOf(get().images)?.samples ?? false);
  /** The latest question for scores of every few steps, if there was one. */
  let live: number | undefined;
  const askLive = (): void => {
    const { everySteps } = get().scores.scoring;
    const by = judged();
    if (live === undefined && (everySteps === 0 || !by)) return;
    live = nextId();
    post({ type: 'scoreEvery', requestId: live, everySteps, judged: by && { ...by, most: LIVE_PICTURES } });
  };
  /** Scores of other masks, or by other rules, say nothing. */
  const forget = (change: Partial<ScoresState> = {}): void => {
    rules++;
    cancelJobs('score');
    cancelJobs('baselines');
    set({ report: undefined, baselines: undefined, curve: [], ...change });
    askLive();
  };
  let subject = subjectOf(get());
  store.subscribe((state, before) => {
    if (datasetOf(state.images)?.datasetId !== datasetOf(before.images)?.datasetId) sendMasks();
    const now = subjectOf(state);
    if (now === subject) return;
    subject = now;
    forget({ curve: keptCurve(state) });
  });

  const scoreBy = async (judged: ScoringTarget): Promise<boolean> => {
    const mine = rules;
    const outcome = await runJob({ kind: 'score', ...judged });
    if (outcome.status !== 'done' || mine !== rules) return false;
    store.setState(({ scores }) => ({ scores: withReport(scores, outcome.result.report) }));
    return true;
  };
  const compareBy = async (judged: ScoringTarget): Promise<void> => {
    const mine = rules;
    const outcome = await runJob({ kind: 'baselines', ...judged });
    if (outcome.status === 'done' && mine === rules) set({ baselines: outcome.result.baselines });
  };
  const isScoring = (): boolean => get().jobs.some(({ kind }) => kind === 'score' || kind === 'baselines');

  return {
    chooseMasks: async (pick) => {
      try {
        const picked = await pick();
        if (!picked) return;
        const masks = await openMasks(picked);
        if (masks.length === 0) {
          report('masks/empty', `"${picked.name}" holds no PNG files. Masks are PNGs called as their images are.`);
          return;
        }
        files = masks;
        forget({ masks: { status: 'folder', name: picked.name, files: masks.length, masked: undefined } });
        sendMasks();
      } catch (thrown) {
        reportThrown('masks/unreadable', thrown);
      }
    },
    forgetMasks: () => {
      files = [];
      forget({ masks: { status: 'none' } });
    },
    setScoring: (change) => {
      const { scoring } = get().scores;
      const next = { ...scoring, ...change };
      if (next.voidValue !== undefined && !isWhole(next.voidValue, MOST_VALUE)) return;
      if (!isWhole(next.everySteps, MOST_STEPS)) return;
      if (next.voidValue !== scoring.voidValue) forget({ scoring: next });
      else {
        set({ scoring: next });
        askLive();
      }
      memory.remember('scoring', next);
    },
    score: async () => {
      const by = judged();
      if (!by || isScoring()) return;
      if ((await scoreBy(by)) && !get().scores.baselines) await compareBy(by);
    },
    masksRead: ({ requestId, masked }) => {
      const { masks } = get().scores;
      if (requestId === asked && masks.status === 'folder') set({ masks: { ...masks, masked } });
    },
    scored: ({ requestId, report: scored }) => {
      if (requestId === live) store.setState(({ scores }) => ({ scores: withReport(scores, scored) }));
    },
    readMasksAgain: () => {
      live = undefined;
      sendMasks();
      askLive();
    },
  };
}

/** A run that goes on with the curves that are there goes on with that of its scores, as far as it has come. */
function keptCurve({ run, scores }: SessionState): ScoresState['curve'] {
  const keeps = run.status === 'preparing' ? run.plan.keepsHistory : (runOf(run)?.keepsHistory ?? false);
  return keeps ? scores.curve : [];
}

/** Those that can't be opened are as good as not there: their images have no masks. */
async function openMasks(picked: PickedImages): Promise<MaskFiles> {
  const paths: string[] = [];
  for await (const found of picked.list()) paths.push(...found.paths.filter((path) => /\.png$/i.test(path)));
  const opened = paths.sort().map(async (path) => ({ path, file: await picked.open(path) }));
  return (await Promise.allSettled(opened)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
