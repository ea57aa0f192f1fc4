import type { StoreApi } from 'zustand/vanilla';
import { FIELD_NAMES, FIELDS } from '../config/fields.ts';
import { networkSettings, startRates } from '../config/starts/startSettings.ts';
import { prototypeColors } from '../domain/palette.ts';
import type { KeepAwake } from './platform/keepAwake.ts';
import type { Memory } from './platform/memory.ts';
import { rememberSpeed } from './platform/speed.ts';
import type { Tabs } from './platform/tabs.ts';
import type { RunHistory } from './runs/runHistory.ts';
import type { Session, SessionState } from './session/session.ts';
import { datasetOf } from './session/images.ts';
import { isActive, runOf } from './session/run.ts';
import { hasUnsavedSteps } from './session/saves.ts';
import { settingsConflict, type Settings } from './view/settings.ts';

// Rules that let one part of the page follow another. Each subscribes for as long as the page is open.

export interface PolicyPorts {
  readonly session: Session;
  readonly settings: Settings;
  readonly runHistory: Pick<RunHistory, 'refresh'>;
  readonly tabs: Tabs;
  readonly keepAwake: KeepAwake;
  readonly memory: Memory;
  readonly document: Pick<Document, 'addEventListener' | 'visibilityState'>;
  readonly window: Pick<Window, 'addEventListener'>;
  /** Runs a task in one of the next frames; a later task with the same key replaces it. */
  schedule(key: object, task: () => void): void;
}

export function applyPolicies(ports: PolicyPorts): void {
  const { session, settings, runHistory, tabs, keepAwake, memory, document, window, schedule } = ports;
  proposePreset(session, settings);
  adoptLoadedSettings(session, settings);
  adaptToStart(session, settings);
  rematchEncoder(session, settings);
  planMemoryAhead(session, settings);
  keepScreenOn(session, keepAwake);
  claimTraining(session, tabs);
  reportProgress(session, tabs);
  refreshHistory(tabs, runHistory);
  chooseColorsAhead(session, schedule);
  rememberMeasuredSpeed(session, memory);
  saveWhenHidden(session, document);
  warnOfUnsavedSteps(session, window);
}

/** Proposes the preset that suits the adapter once it is known. */
export function proposePreset(session: Session, settings: Settings): void {
  onChange(session.store, 'adapter', ({ adapter }) => {
    if (adapter.status === 'ready') settings.propose(adapter.adapter.slow);
  });
}

/** Fills the form with the settings of a loaded checkpoint, unless it continues the run on the screen. */
export function adoptLoadedSettings(session: Session, settings: Settings): void {
  onChange(session.store, 'resume', ({ resume, run }) => {
    if (resume.status !== 'loaded' || resume.anew) return;
    if (run.status === 'idle' || !resume.keepsHistory) settings.adopt(resume.config);
  });
}

/**
 * Adapts the form to an encoder, or to a checkpoint that a new run starts from: to its networks, and to trained weights. What was
 * changed is put back when the file is dropped; it stays when the run starts.
 */
export function adaptToStart(session: Session, settings: Settings): void {
  /** An encoder is matched again when settings change, and must not change them back. */
  let adaptedTo: Blob | undefined;
  const adapt = ({ resume, images }: SessionState): void => {
    const isNewRun = resume.status === 'encoder' || (resume.status === 'loaded' && resume.anew);
    if (!isNewRun || resume.source === adaptedTo) return;
    adaptedTo = resume.source;
    const own = resume.status === 'loaded' ? networkSettings(resume.config) : resume.report.advice?.settings;
    const rates = startRates(settings.store.getState().config, datasetOf(images)?.usable ?? 0);
    settings.adapt({ ...own, ...rates });
  };
  onChange(session.store, 'resume', (state) => {
    const { resume, run } = state;
    if (resume.status === 'checking' && resume.source !== adaptedTo) settings.undoAdaptation();
    adapt(state);
    const isDropped = resume.status === 'none' || (resume.status === 'loaded' && !resume.anew);
    if (!isDropped) return;
    adaptedTo = undefined;
    if (isActive(run)) settings.keepAdaptation();
    else settings.undoAdaptation();
  });
  // A preset replaces what was adapted.
  onChange(settings.store, 'preset', ({ config }) => {
    adaptedTo = undefined;
    const { resume } = session.store.getState();
    if (resume.status === 'encoder') session.rematchEncoder(config);
    else adapt(session.store.getState());
  });
}

/** Matches a loaded encoder anew when a setting of the encoder changes. */
export function rematchEncoder(session: Session, settings: Settings): void {
  const encoderFields = FIELD_NAMES.filter((name) => FIELDS[name].group === 'encoder');
  onChange(settings.store, 'config', ({ config }, before) => {
    if (encoderFields.some((name) => config[name] !== before.config[name])) session.rematchEncoder(config);
  });
}

/** Delay after the last change of a setting. */
const PLAN_AFTER_MS = 300;

/** Plans the memory of the settings in the form, while nothing trains. */
export function planMemoryAhead(session: Session, settings: Settings): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const plan = (): void => {
    const { adapter, run, memoryPlan } = session.store.getState();
    const { config } = settings.store.getState();
    const isIdle = adapter.status === 'ready' && !isActive(run);
    if (isIdle && memoryPlan?.config !== config && settingsConflict(config) === undefined) session.planMemory(config);
  };
  const planSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(plan, PLAN_AFTER_MS);
  };
  onChange(session.store, 'adapter', planSoon);
  onChange(settings.store, 'config', planSoon);
  onChange(session.store, 'run', ({ run }) => {
    if (!isActive(run)) planSoon();
  });
}

/** Keeps the screen on while a run is prepared or trains. */
export function keepScreenOn(session: Session, keepAwake: KeepAwake): void {
  onChange(session.store, 'run', ({ run }) => {
    if (run.status === 'preparing' || run.status === 'training') keepAwake.hold();
    else keepAwake.release();
  });
}

/** Claims training among the tabs for as long as a run is active; stops the run where another tab has claimed it. */
export function claimTraining(session: Session, tabs: Tabs): void {
  const claimOrStop = async (): Promise<void> => {
    if (await tabs.claim()) return;
    session.stop();
    session.report('images/other-tab', 'Another tab has just begun to train, so this run was stopped.');
  };
  onChange(session.store, 'run', ({ run }, before) => {
    if (run.status === 'preparing' && before.run.status !== 'preparing') void claimOrStop();
    if (!isActive(run)) tabs.release();
  });
}

/** Reports the progress of the run to the other tabs. */
export function reportProgress(session: Session, tabs: Tabs): void {
  session.live.subscribe(({ record, timing: { etaSeconds }, verdict }) => {
    const run = runOf(session.store.getState().run);
    if (!run || !record) return;
    const { title, totalSteps } = run;
    tabs.report({ title, totalSteps, step: record.step, loss: record.loss, etaSeconds, verdict: verdict?.title });
  });
}

/** Reads the run history again when another tab has stopped training: it wrote its runs to the same storage. */
export function refreshHistory(tabs: Tabs, runHistory: Pick<RunHistory, 'refresh'>): void {
  tabs.store.subscribe(({ other }) => {
    if (!other) void runHistory.refresh();
  });
}

/** Computes the colors of a run while it is prepared, which takes some 20 ms, so that its first overlays don't wait. */
export function chooseColorsAhead(session: Session, schedule: PolicyPorts['schedule']): void {
  onChange(session.store, 'run', ({ run }, before) => {
    if (run.status !== 'preparing' || before.run.status === 'preparing') return;
    schedule(session, () => void prototypeColors(run.plan.config.prototypes));
  });
}

/** Remembers how fast this machine trained, for the estimates of later runs. */
export function rememberMeasuredSpeed(session: Session, memory: Memory): void {
  onChange(session.store, 'run', ({ run, adapter }) => {
    if (run.status !== 'ended' || adapter.status !== 'ready') return;
    rememberSpeed(memory, adapter.adapter, run.run.config, session.live.getState().timing.imagesPerSecond);
  });
}

/** Saves the state of an active run when the page is hidden: the browser may discard it without a further event. */
export function saveWhenHidden(session: Session, document: PolicyPorts['document']): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && isActive(session.store.getState().run)) session.saveState();
  });
}

/** Lets the browser ask before the page is left with steps that no file has. */
export function warnOfUnsavedSteps(session: Session, window: PolicyPorts['window']): void {
  window.addEventListener('beforeunload', (event) => {
    if (hasUnsavedSteps(session.store.getState())) event.preventDefault();
  });
}

/** Calls the listener when one property of the state has changed. */
function onChange<State>(
  store: StoreApi<State>,
  property: keyof State,
  listener: (state: State, before: State) => void,
): void {
  store.subscribe((state, before) => {
    if (state[property] !== before[property]) listener(state, before);
  });
}
