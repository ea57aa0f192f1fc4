import type { Config } from '../../config/fields.ts';
import { NO_CLASSES, type PrototypeClasses } from '../../domain/classes.ts';
import { beginHistory, type History } from '../../lib/history.ts';
import type { EncoderReport } from '../../worker/contracts.ts';
import type { WorkerEvent } from '../../worker/events.ts';
import type { CheckpointContent } from '../../worker/requests.ts';
import type { Curves } from '../runs/series.ts';
import type { ClassesSlice } from './classes.ts';
import type { SessionCore } from './core.ts';
import { datasetOf, type ImagesSlice } from './images.ts';
import { runIdOf, runOf, type RunPart, type RunSlice, type RunState } from './run.ts';
import type { SavesPart, SavesSlice } from './saves.ts';

/** A file to start from. `source` can be read again: it is handed to the worker at the start. */
export type ResumeState =
  | { readonly status: 'none' }
  | { readonly status: 'checking'; readonly name: string; readonly source: Blob; readonly keepsHistory: boolean }
  | {
      readonly status: 'loaded';
      readonly name: string;
      readonly step: number;
      readonly config: Config;
      readonly source: Blob;
      /** It came from the run whose curves are there, which then continue, as do its names. */
      readonly keepsHistory: boolean;
      /** As they are in the file. */
      readonly classes: PrototypeClasses;
      /** A new run starts from its weights, instead of continuing it. */
      readonly anew: boolean;
    }
  /** The encoder alone, with how it fits the settings that were in the form; heads and prototypes will be fresh. */
  | { readonly status: 'encoder'; readonly name: string; readonly source: Blob; readonly report: EncoderReport };

export interface ResumeSlice {
  readonly resume: ResumeState;
  /** What the person chose to start from. */
  readonly startFrom: StartChoice;
}

/**
 * Fresh weights, a file of any kind, the weights of a run of this browser, or published weights, whose file is to come.
 * `ofRun`: the run of this browser whose checkpoint the file is.
 */
export type StartChoice =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'file'; readonly ofRun?: string }
  | { readonly kind: 'run' | 'known'; readonly id: string };

const FRESH: StartChoice = { kind: 'fresh' };

export const INITIAL_RESUME: ResumeSlice = { resume: { status: 'none' }, startFrom: FRESH };

/** The settings of the model on the screen: that of the run, and before there is one, of a loaded checkpoint. */
export function shownConfig({ run, resume }: RunSlice & ResumeSlice): Config | undefined {
  if (run.status === 'preparing') return run.plan.config;
  if (run.status === 'idle') return resume.status === 'loaded' ? resume.config : undefined;
  return run.run.config;
}

/** Equal while images and model are the same ones, however long the model is trained. */
export function subjectOf({ images, run, resume }: ImagesSlice & RunSlice & ResumeSlice): string {
  const model = runIdOf(run);
  const loaded = model === undefined && resume.status === 'loaded' ? resume.name : '';
  return `${datasetOf(images)?.datasetId} ${model} ${loaded}`;
}

/** Until the run has started, a failed start can be tried again with the same file. */
export function reduceResume({ resume, startFrom }: ResumeSlice, event: WorkerEvent, run: RunState): ResumeSlice {
  const hasStarted = event.type === 'started' && run.status === 'preparing' && event.runId === runIdOf(run);
  return hasStarted ? INITIAL_RESUME : { resume, startFrom };
}

/** File, history and classes that the next run starts from. */
export interface StartingPoint {
  readonly source: Blob | undefined;
  readonly keepsHistory: boolean;
  readonly anew: boolean;
  readonly classes: History<PrototypeClasses>;
}

export function startingPoint(state: ResumeSlice & RunSlice & ClassesSlice, config: Config): StartingPoint {
  const { resume } = state;
  return {
    source: resume.status === 'loaded' || resume.status === 'encoder' ? resume.source : undefined,
    keepsHistory: resume.status === 'loaded' && resume.keepsHistory && !resume.anew,
    anew: resume.status === 'loaded' && resume.anew,
    classes: classesAtStart(state, config),
  };
}

/** A run keeps the names of what it starts from: those on the screen, with the latest edits, if it is shown there. */
function classesAtStart(
  { run, resume, classes }: ResumeSlice & RunSlice & ClassesSlice,
  config: Config,
): History<PrototypeClasses> {
  if (resume.status !== 'loaded' || resume.config.prototypes !== config.prototypes) return beginHistory(NO_CLASSES);
  return resume.keepsHistory || run.status === 'idle' ? classes : beginHistory(resume.classes);
}

/** After the loss of the worker: the automatic checkpoint of the run on the screen, unless a file is loaded. */
export function resumeAfterLoss({
  run,
  autosave,
  resume,
  classes,
}: ResumeSlice & RunSlice & SavesSlice & ClassesSlice): ResumeState {
  const shown = runOf(run);
  if (!shown || autosave?.runId !== shown.runId || resume.status !== 'none') return resume;
  const { fileName: name, step, source } = autosave;
  const { config } = shown;
  return { status: 'loaded', name, step, config, source, classes: classes.present, keepsHistory: true, anew: false };
}

export interface ResumeActions {
  /** Continues the ended run where it stopped, curves and overlays included. */
  continueFromHere(): void;
  /** Starts a new run from the weights of the ended one, with the same settings and so with a fresh schedule. */
  trainLonger(): void;
  /**
   * Reads a checkpoint to continue or to start from, or an encoder to start from, which should fit these settings. Without a
   * choice it is a file, that of the published weights if these were chosen.
   */
  readCheckpoint(file: File, config: Config, choice?: StartChoice): void;
  /** Reads the checkpoint of a run of an earlier visit, whose curves these are, to continue it. */
  readInterrupted(file: File, config: Config, curves: Curves): void;
  /** Matches a loaded encoder, or one that is being read, with other settings. */
  rematchEncoder(config: Config): void;
  /** Chooses what the next run starts from; drops a file that was loaded. */
  chooseStart(choice: StartChoice): void;
  /** Starts a new run from the weights of the loaded checkpoint, or continues its run. */
  startAnew(anew: boolean): void;
  /** Makes the state of the run on the screen the one that the next start continues from. */
  stageFromHere(): void;
  discardResume(): void;
}

export function createResumeSlice(
  { store, series, request, reportThrown }: SessionCore<ResumeSlice & RunSlice & ClassesSlice>,
  { requestCheckpoint }: Pick<SavesPart, 'requestCheckpoint'>,
  { begin }: Pick<RunPart, 'begin'>,
): ResumeActions {
  const { getState: get, setState: set } = store;
  let reading = new AbortController();

  const read = async (name: string, source: Blob, config: Config, keepsHistory = false): Promise<void> => {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    set({ resume: { status: 'checking', name, source, keepsHistory } });
    const isWanted = (): boolean => !signal.aborted && get().resume.status === 'checking';
    try {
      const content = await request('readCheckpoint', { source, config }, { signal });
      if (isWanted()) take(content, name, source, keepsHistory);
    } catch (thrown) {
      if (isWanted()) set({ resume: { status: 'none' } });
      reportThrown('checkpoint/unreadable', thrown);
    }
  };
  const take = (content: CheckpointContent, name: string, source: Blob, keepsHistory: boolean): void => {
    if (content.kind === 'encoder') return set({ resume: { status: 'encoder', name, source, report: content.report } });
    const { step, config, classes } = content;
    // Before there is a run, a loaded checkpoint is what the page shows.
    const shown = get().run.status === 'idle' ? { classes: beginHistory(classes) } : {};
    const { startFrom } = get();
    const anew = !keepsHistory && (startFrom.kind === 'run' || startFrom.kind === 'known');
    set({ resume: { status: 'loaded', name, step, config, source, classes, keepsHistory, anew }, ...shown });
  };

  const beginFromEnded = async (anew: boolean): Promise<void> => {
    const ended = get().run;
    const file = await requestCheckpoint();
    if (!file || ended.status !== 'ended' || get().run !== ended) return;
    const { title, config } = ended.run;
    begin({ title, config, keepsHistory: !anew }, get().classes, file.source, anew);
  };
  const stageFromHere = async (): Promise<void> => {
    const shown = runOf(get().run);
    const file = await requestCheckpoint();
    if (!file || !shown) return;
    const { fileName: name, step, source } = file;
    const classes = get().classes.present;
    set({
      resume: { status: 'loaded', name, step, config: shown.config, source, classes, keepsHistory: true, anew: false },
    });
  };

  const discard = (): void => {
    reading.abort();
    set({ resume: { status: 'none' } });
    if (get().run.status === 'idle') set({ classes: beginHistory(NO_CLASSES) });
  };

  return {
    continueFromHere: () => void beginFromEnded(false),
    trainLonger: () => void beginFromEnded(true),
    stageFromHere: () => void stageFromHere(),
    readCheckpoint: (file, config, choice) => {
      const { startFrom } = get();
      set({ startFrom: choice ?? (startFrom.kind === 'known' ? startFrom : { kind: 'file' }) });
      void read(file.name, file, config);
    },
    readInterrupted: (file, config, curves) => {
      series.restore(curves);
      void read(file.name, file, config, true);
    },
    rematchEncoder: (config) => {
      const { resume } = get();
      if (resume.status === 'encoder' || resume.status === 'checking') void read(resume.name, resume.source, config);
    },
    chooseStart: (startFrom) => {
      discard();
      set({ startFrom });
    },
    startAnew: (anew) => {
      const { resume } = get();
      if (resume.status === 'loaded') set({ resume: { ...resume, anew } });
    },
    discardResume: () => {
      discard();
      set({ startFrom: FRESH });
    },
  };
}
