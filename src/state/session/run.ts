import type { Config } from '../../config/fields.ts';
import type { FromWorker } from '../../worker/protocol.ts';
import { NO_CLASSES, type PrototypeClasses } from '../../domain/classes.ts';
import { beginHistory, type History } from './history.ts';
import { rewindLive } from './live.ts';
import type { Curves } from '../runs/series.ts';
import type { SessionCore } from './core.ts';
import { isActive, runOf, type RunPlan, type SessionState } from './state.ts';

export interface SessionRuns {
  /** Id of the run that is prepared or on the screen; −1 for none. */
  currentRunId(): number;
  start(config: Config, title: string): void;
  /** Has the run's state saved now: the page may not be there much longer. */
  saveState(): void;
  pause(): void;
  continueRun(): void;
  stop(): void;
  /** Runs started from now on end after this step, as if stopped by hand: exactly there, which a click can't promise. */
  stopAfter(step: number): void;
  /** Asks for the state of the run on the screen as a file and downloads it when it comes. */
  saveCheckpoint(format?: string): void;
  /** Takes an ended run up where it stopped, curves and overlays included. */
  continueFromHere(): void;
  /** Makes the state of the ended run the one that the next start continues from. */
  stageFromHere(): void;
  /** Reads a checkpoint to continue from, or an encoder to start from, which should fit these settings. */
  readCheckpoint(file: File, config: Config): void;
  /** Reads the checkpoint of a run of an earlier visit, whose curves these are, to go on with it. */
  readInterrupted(file: File, config: Config, curves: Curves): void;
  /** Judges a loaded encoder, or one that is being read, by other settings. */
  rematchEncoder(config: Config): void;
  discardResume(): void;
  /** Before the first message of a run that goes on from `step`: what came later goes. */
  rewind(step: number): void;
  /** A checkpoint that was asked for is here. */
  deliver(checkpoint: Extract<FromWorker, { type: 'checkpoint' }>): void;
  /** A request that won't be answered. */
  forget(requestId: number): void;
  /** What is left of the run when its worker is replaced: its automatic checkpoint, offered for the next start. */
  afterWorker(): Partial<SessionState>;
}

/** The format that a run is continued from here. */
const CHECKPOINT = 'safetensors';

/** What a checkpoint was asked for. */
type Purpose = 'download' | 'continue' | 'stage';

export function createSessionRuns(
  { store, live, series, post, nextId }: SessionCore,
  download: (fileName: string, source: Blob) => void,
): SessionRuns {
  const { getState: get, setState: set } = store;
  const purposes = new Map<number, Purpose>();
  let lastStep: number | undefined;

  const currentRunId = (): number => {
    const { run } = get();
    return run.status === 'preparing' ? run.plan.runId : (runOf(run)?.runId ?? -1);
  };
  const begin = (plan: Omit<RunPlan, 'runId'>, resume: Blob | undefined, classes: History<PrototypeClasses>): void => {
    const runId = nextId();
    set({ classes, run: { status: 'preparing', plan: { ...plan, runId }, doing: 'Getting ready', fraction: 0 } });
    const until = lastStep === undefined ? {} : { stopAfter: lastStep };
    const given = { classes: classes.present, ...(resume ? { resume } : {}) };
    post({ type: 'start', runId, config: plan.config, ...until, ...given });
  };
  const request = (purpose: Purpose, format = CHECKPOINT): void => {
    const run = runOf(get().run);
    if (!run) return;
    const requestId = nextId();
    purposes.set(requestId, purpose);
    set(({ saving }) => ({ saving: saving + 1 }));
    post({ type: 'saveCheckpoint', runId: run.runId, requestId, format });
  };
  const check = (name: string, source: Blob, config: Config, keepsHistory = false): void => {
    const requestId = nextId();
    set({ resume: { status: 'checking', requestId, name, source, keepsHistory } });
    post({ type: 'readCheckpoint', requestId, name, source, config });
  };

  return {
    currentRunId,
    start: (config, title) => {
      const { run, resume } = get();
      if (isActive(run)) return;
      const source = resume.status === 'loaded' || resume.status === 'encoder' ? resume.source : undefined;
      const keepsHistory = resume.status === 'loaded' && resume.keepsHistory;
      begin({ title, config, keepsHistory }, source, classesAtStart(get(), config));
    },
    saveState: () => post({ type: 'autosave' }),
    pause: () => {
      const { run } = get();
      if (run.status !== 'training' || run.asked) return;
      set({ run: { ...run, asked: 'pause' } });
      post({ type: 'pause', runId: run.run.runId });
    },
    continueRun: () => {
      const { run } = get();
      if (run.status !== 'paused' || run.asked) return;
      set({ run: { ...run, asked: 'continue' } });
      post({ type: 'continue', runId: run.run.runId });
    },
    stop: () => {
      const { run } = get();
      if (run.status === 'idle' || run.status === 'ended') return;
      set({ run: { ...run, asked: 'stop' } });
      post({ type: 'stop', runId: currentRunId() });
    },
    stopAfter: (step) => (lastStep = step),
    saveCheckpoint: (format) => request('download', format),
    continueFromHere: () => request('continue'),
    stageFromHere: () => request('stage'),
    readCheckpoint: (file, config) => check(file.name, file, config),
    readInterrupted: (file, config, curves) => {
      series.restore(curves);
      check(file.name, file, config, true);
    },
    rematchEncoder: (config) => {
      const { resume } = get();
      if (resume.status === 'encoder' || resume.status === 'checking') check(resume.name, resume.source, config);
    },
    discardResume: () => {
      set({ resume: { status: 'none' } });
      if (get().run.status === 'idle') set({ classes: beginHistory(NO_CLASSES) });
    },
    rewind: (step) => {
      const { run } = get();
      const keeps = run.status === 'preparing' ? run.plan.keepsHistory : runOf(run) !== undefined;
      live.setState(rewindLive(live.getState(), keeps ? step : undefined), true);
      if (keeps) series.truncate(step);
      else series.clear();
    },
    deliver: ({ requestId, step, fileName, source }) => {
      const purpose = purposes.get(requestId);
      purposes.delete(requestId);
      const run = runOf(get().run);
      if (purpose === 'download') download(fileName, source);
      if (purpose === 'continue' && run)
        begin({ title: run.title, config: run.config, keepsHistory: true }, source, get().classes);
      if (purpose === 'stage' && run) {
        const classes = get().classes.present;
        const { config } = run;
        set({ resume: { status: 'loaded', name: fileName, step, config, source, classes, keepsHistory: true } });
      }
    },
    forget: (requestId) => void purposes.delete(requestId),
    afterWorker: () => {
      purposes.clear();
      const { run, autosave, resume, classes } = get();
      const shown = runOf(run);
      if (!shown) return { run: { status: 'idle' } };
      const step = series.last()?.step ?? shown.startStep;
      const lost = { status: 'ended', run: shown, step, reason: 'lost', elapsedSeconds: 0 } as const;
      if (autosave?.runId !== shown.runId || resume.status !== 'none') return { run: lost };
      const { fileName: name, source } = autosave;
      const saved = { name, step: autosave.step, config: shown.config, source, classes: classes.present };
      return { run: lost, resume: { status: 'loaded', ...saved, keepsHistory: true } };
    },
  };
}

/** A run goes on with the names of what it starts from, if that is on the screen with the person's latest edits. */
function classesAtStart({ run, resume, classes }: SessionState, config: Config): History<PrototypeClasses> {
  if (resume.status !== 'loaded' || resume.config.prototypes !== config.prototypes) return beginHistory(NO_CLASSES);
  return resume.keepsHistory || run.status === 'idle' ? classes : beginHistory(resume.classes);
}
