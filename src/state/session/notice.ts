import { areaOf, type ErrorCode } from '../../lib/errorCodes.ts';

/** The one button that helps. */
export type NoticeAction = 'dismiss' | 'chooseFolder' | 'chooseCheckpoint' | 'restartWorker' | 'saveCheckpoint';

export interface Notice {
  readonly code: ErrorCode;
  /** What happened, for the person. */
  readonly message: string;
  /** What was kept. */
  readonly kept: string;
  readonly action: NoticeAction;
  /** For a bug report; shown on demand. */
  readonly detail?: string;
}

interface Report {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: string;
}

/** What is there to be kept. */
export interface RecoverableState {
  readonly hasRun: boolean;
  /** Step of the latest automatic checkpoint of that run. */
  readonly autosavedStep?: number | undefined;
}

/** The worker and everything in it is gone; only a new one helps. */
export function isFatal(code: ErrorCode): boolean {
  return code === 'worker/crashed';
}

/** What was kept and what helps, by the area that the code names before its slash. */
export function describeNotice({ code, message, detail }: Report, { hasRun, autosavedStep }: RecoverableState): Notice {
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
    case 'decoder':
    case 'mask':
    case 'masks':
    case 'metrics':
    case 'gallery':
    case 'replay':
    case 'export':
    case 'runs':
    case 'bench':
    case 'browser':
    case 'endurance':
    case 'evaluate':
    case 'page':
    case 'parity':
    case 'sweep':
      return { ...base, kept: `Your images and settings are kept.${runKept}`, action: 'dismiss' };
  }
}

function keptState(autosavedStep: number | undefined): string {
  return autosavedStep === undefined
    ? 'Training can go on from a checkpoint that you downloaded.'
    : `Training can go on from the automatic checkpoint of step ${autosavedStep}.`;
}
