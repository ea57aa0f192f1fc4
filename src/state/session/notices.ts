import { areaOf, type ErrorCode } from '../../lib/errorCodes.ts';
import type { ErrorReport } from '../../worker/contracts.ts';
import { isSavable, runOf, type RunSlice } from './run.ts';
import type { SavesSlice } from './saves.ts';

/** The one button of a notice. */
export type NoticeAction = 'dismiss' | 'chooseFolder' | 'chooseCheckpoint' | 'restartWorker' | 'saveCheckpoint';

export interface Notice {
  readonly code: ErrorCode;
  /** The error, for the person. */
  readonly message: string;
  /** One sentence on what was kept. */
  readonly kept: string;
  readonly action: NoticeAction;
  /** For a bug report; shown on demand. */
  readonly detail?: string;
}

export interface NoticesSlice {
  /** Newest last. */
  readonly notices: readonly Notice[];
}

export const INITIAL_NOTICES: NoticesSlice = { notices: [] };

/** More would not be read. */
const MAX_NOTICES = 5;

/** Adds a notice about an error. */
export function withNotice(
  { notices, ...state }: NoticesSlice & RunSlice & SavesSlice,
  error: ErrorReport,
): readonly Notice[] {
  return [...notices, describeNotice(error, recoverableState(state))].slice(-MAX_NOTICES);
}

/** The state that can be continued from after an error. */
interface RecoverableState {
  readonly hasRun: boolean;
  /** Step of the latest automatic checkpoint of that run. */
  readonly autosavedStep: number | undefined;
}

function recoverableState({ run, autosave }: RunSlice & SavesSlice): RecoverableState {
  return {
    hasRun: isSavable(run),
    autosavedStep: autosave && autosave.runId === runOf(run)?.runId ? autosave.step : undefined,
  };
}

/** Adds what was kept and what helps, by the area of the code. */
function describeNotice({ code, message, detail }: ErrorReport, { hasRun, autosavedStep }: RecoverableState): Notice {
  const base = { code, message, ...(detail === undefined ? {} : { detail }) };
  const runKept = hasRun ? ' The run on the screen is untouched.' : '';
  switch (areaOf(code)) {
    case 'worker':
    case 'gpu':
      return {
        ...base,
        kept: hasRun
          ? `Settings, curves and overlays are kept. ${keptState(autosavedStep)}`
          : 'Your settings are kept.',
        action: 'restartWorker',
      };
    case 'dataset':
    case 'folder':
    case 'images':
      return { ...base, kept: `Your settings are kept.${runKept}`, action: 'chooseFolder' };
    case 'checkpoint':
    case 'backbone':
      return { ...base, kept: `Nothing was changed.${runKept}`, action: 'chooseCheckpoint' };
    case 'training':
    case 'run':
      return hasRun
        ? { ...base, kept: 'The last good state, the curves and the overlays are kept.', action: 'saveCheckpoint' }
        : { ...base, kept: 'Your images and settings are kept.', action: 'dismiss' };
    case 'config':
    case 'camera':
    case 'decoder':
    case 'mask':
    case 'masks':
    case 'metrics':
    case 'gallery':
    case 'regions':
    case 'replay':
    case 'report':
    case 'export':
    case 'runs':
    case 'bench':
    case 'browser':
    case 'endurance':
    case 'page':
    case 'parity':
    case 'sweep':
      return { ...base, kept: `Your images and settings are kept.${runKept}`, action: 'dismiss' };
  }
}

function keptState(autosavedStep: number | undefined): string {
  return autosavedStep === undefined
    ? 'Training can continue from a checkpoint that you downloaded.'
    : `Training can continue from the automatic checkpoint of step ${autosavedStep}.`;
}
