import { sortPaths } from '../../data/folder/fileNames.ts';
import { unreachable } from '../../lib/errors.ts';
import type { FromWorker } from '../../worker/protocol.ts';
import { beginHistory } from './history.ts';
import {
  datasetOf,
  isSavable,
  runOf,
  type Dataset,
  type ImagesState,
  type ResumeState,
  type RunState,
  type SessionState,
} from './state.ts';
import { describeNotice, isFatal, type RecoverableState } from './notice.ts';

type Message<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>;

/**
 * The session after a batch of messages, in order. Messages of an older data set or run change nothing.
 * `lastStep` is the last step heard of: where a run stands that the worker takes with it.
 */
export function reduceSession(state: SessionState, messages: readonly FromWorker[], lastStep = 0): SessionState {
  const [withImages, rest] = reduceImages(state, messages);
  return rest.reduce((reduced, message) => reduceMessage(reduced, message, lastStep), withImages);
}

/** Images come by the thousand: all of a batch are added in one go. */
function reduceImages(state: SessionState, messages: readonly FromWorker[]): [SessionState, readonly FromWorker[]] {
  const dataset = datasetOf(state.images);
  if (!dataset) return [state, messages];
  const mine = (message: { datasetId: number }): boolean => message.datasetId === dataset.datasetId;
  const read = messages.filter((message) => message.type === 'imageRead').filter(mine);
  const skipped = messages.filter((message) => message.type === 'imageSkipped').filter(mine);
  if (read.length + skipped.length === 0) return [state, messages];
  const grown: Dataset = {
    ...dataset,
    skipped: [...dataset.skipped, ...skipped.map(({ file }) => file)],
    pictures: [...dataset.pictures, ...read],
  };
  return [
    { ...state, images: withDataset(state.images, grown) },
    messages.filter((message) => message.type !== 'imageRead' && message.type !== 'imageSkipped'),
  ];
}

function withDataset(images: ImagesState, dataset: Dataset): ImagesState {
  return images.status === 'reading' || images.status === 'ready' ? { ...images, dataset } : images;
}

function reduceMessage(state: SessionState, message: FromWorker, lastStep: number): SessionState {
  switch (message.type) {
    case 'opened':
      return { ...state, adapter: { status: 'ready', adapter: message.adapter } };
    case 'reading':
    case 'readDone':
      return { ...state, images: reduceReading(state.images, message) };
    case 'preparing':
    case 'paused':
    case 'continued':
    case 'recovering':
    case 'recovered':
    case 'ended':
      return { ...state, run: reduceRun(state.run, message) };
    case 'started': {
      const run = reduceRun(state.run, message);
      // The checkpoint has been taken up; until here a failed start could be tried again with it.
      return { ...state, run, resume: run === state.run ? state.resume : { status: 'none' } };
    }
    case 'checkpoint': {
      const { runId, fileName, step, format } = message;
      return { ...state, saving: Math.max(0, state.saving - 1), lastSaved: { runId, fileName, step, format } };
    }
    case 'autosaved': {
      const { runId, fileName, step, source } = message;
      return { ...state, autosave: { runId, fileName, step, source } };
    }
    case 'checkpointRead':
    case 'encoderRead':
      return reduceRead(state, message);
    case 'trouble':
      return isFatal(message.code) ? reduceCrash(state, message, lastStep) : reduceTrouble(state, message);
    case 'jobProgress': {
      const { requestId, doing, fraction } = message;
      const jobs = state.jobs.map((job) => (job.requestId === requestId ? { ...job, doing, fraction } : job));
      return { ...state, jobs };
    }
    // Kept outside this state: see live.ts, series.ts, sessionImages.ts, sessionJobs.ts, sessionScores.ts. Images are taken by reduceImages.
    case 'jobDone':
    case 'jobCanceled':
    case 'masksRead':
    case 'scored':
    case 'step':
    case 'overlays':
    case 'imageRead':
    case 'imageSkipped':
    case 'wantFiles':
      return state;
    default:
      return unreachable(message);
  }
}

function reduceReading(images: ImagesState, message: Message<'reading' | 'readDone'>): ImagesState {
  if (images.status !== 'reading' || images.dataset.datasetId !== message.datasetId) return images;
  // The worker's count is the one that training goes by.
  const dataset = { ...images.dataset, usable: message.usable };
  if (message.type === 'reading') return { ...images, dataset, done: message.done };
  const { pictures } = dataset;
  return { status: 'ready', dataset: { ...dataset, pictures: sortPaths(pictures) }, canceled: message.canceled };
}

type RunMessage = Message<'preparing' | 'started' | 'paused' | 'continued' | 'recovering' | 'recovered' | 'ended'>;

function reduceRun(state: RunState, message: RunMessage): RunState {
  if (state.status === 'preparing') {
    if (state.plan.runId !== message.runId) return state;
    if (message.type === 'preparing') return { ...state, doing: message.doing, fraction: message.fraction };
    if (message.type === 'started') {
      const { config, step: startStep, totalSteps, notes, imageCount, formats } = message;
      const run = { ...state.plan, config, startStep, totalSteps, notes, imageCount, formats };
      return { status: 'training', run };
    }
    return message.type === 'ended' ? { status: 'idle' } : state;
  }
  if (state.status === 'idle' || state.run.runId !== message.runId) return state;
  const { run } = state;
  switch (message.type) {
    case 'paused':
      return state.status === 'ended' ? state : { status: 'paused', run, step: message.step };
    case 'continued':
      return state.status === 'ended' ? state : { status: 'training', run };
    case 'ended': {
      const { step, reason, elapsedSeconds } = message;
      return { status: 'ended', run, step, reason, elapsedSeconds };
    }
    case 'recovering': {
      if (state.status === 'ended') return state;
      const { doing, fraction } = message;
      const asked = state.status === 'training' && state.asked ? { asked: state.asked } : {};
      return { status: 'training', run, recovering: { doing, fraction }, ...asked };
    }
    case 'recovered': {
      if (state.status === 'ended') return state;
      const notes = message.note === undefined ? run.notes : [...run.notes, message.note];
      const asked = state.status === 'training' && state.asked ? { asked: state.asked } : {};
      return { status: 'training', run: { ...run, config: message.config, notes }, ...asked };
    }
    case 'preparing':
    case 'started':
      return state;
    default:
      return unreachable(message);
  }
}

function reduceRead(state: SessionState, message: Message<'checkpointRead' | 'encoderRead'>): SessionState {
  const resume = reduceResume(state.resume, message);
  // Before there is a run, a loaded checkpoint is what the page shows.
  const shown = resume !== state.resume && resume.status === 'loaded' && state.run.status === 'idle';
  return { ...state, resume, ...(shown ? { classes: beginHistory(resume.classes) } : {}) };
}

function reduceResume(resume: ResumeState, message: Message<'checkpointRead' | 'encoderRead'>): ResumeState {
  if (resume.status !== 'checking' || resume.requestId !== message.requestId) return resume;
  const { name, source, keepsHistory } = resume;
  if (message.type === 'encoderRead') return { status: 'encoder', name, source, report: message.report };
  const { step, config, classes } = message;
  return { status: 'loaded', name, step, config, source, classes, keepsHistory };
}

function reduceTrouble(state: SessionState, message: Message<'trouble'>): SessionState {
  const { run, resume, saving, jobs } = state;
  const failedToStart = run.status === 'preparing' && run.plan.runId === message.runId;
  const refused = resume.status === 'checking' && resume.requestId === message.requestId;
  const undone = jobs.some(({ requestId }) => requestId === message.requestId);
  const unsaved = !refused && !undone && message.requestId !== undefined;
  return {
    ...state,
    troubles: withTrouble(state, message),
    adapter: state.adapter.status === 'opening' ? { status: 'failed' } : state.adapter,
    run: failedToStart ? { status: 'idle' } : run,
    resume: refused ? { status: 'none' } : resume,
    saving: unsaved ? Math.max(0, saving - 1) : saving,
  };
}

function reduceCrash(state: SessionState, message: Message<'trouble'>, lastStep: number): SessionState {
  const { run, images, resume } = state;
  const shown = runOf(run);
  return {
    ...state,
    troubles: withTrouble(state, message),
    adapter: { status: 'failed' },
    images: images.status === 'reading' ? { status: 'ready', dataset: images.dataset, canceled: true } : images,
    run: shown
      ? { status: 'ended', run: shown, step: lastStep, reason: 'lost', elapsedSeconds: 0 }
      : { status: 'idle' },
    resume: resume.status === 'checking' ? { status: 'none' } : resume,
    saving: 0,
  };
}

function withTrouble(state: SessionState, message: Message<'trouble'>): SessionState['troubles'] {
  return [...state.troubles, describeNotice(message, recoverableStateOf(state))].slice(-5);
}

export function recoverableStateOf({ run, autosave }: SessionState): RecoverableState {
  const shown = runOf(run);
  return {
    hasRun: isSavable(run),
    autosavedStep: autosave && autosave.runId === shown?.runId ? autosave.step : undefined,
  };
}
