/** The one button that helps. */
export type NoticeAction = 'dismiss' | 'chooseFolder' | 'chooseCheckpoint' | 'restartWorker' | 'saveCheckpoint';

export interface Notice {
  readonly code: string;
  /** What happened, for the person. */
  readonly message: string;
  /** What was kept. */
  readonly kept: string;
  readonly action: NoticeAction;
  /** For a bug report; shown on demand. */
  readonly detail?: string;
}

interface Report {
  readonly code: string;
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
export function isFatal(code: string): boolean {
  return code === 'worker/crashed' || code === 'gpu/lost';
}

/** What was kept and what helps, by the area that the code names before its slash. */
export function describeNotice({ code, message, detail }: Report, { hasRun, autosavedStep }: RecoverableState): Notice {
  const area = code.split('/')[0] ?? '';
  const base = { code, message, ...(detail === undefined ? {} : { detail }) };
  const runKept = hasRun ? ' The run on the screen is untouched.' : '';
  switch (area) {
    case 'worker':
    case 'device':
    case 'gpu':
    case 'adapter':
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
    case 'trainer':
    case 'run':
    case 'loss':
      return hasRun
        ? { ...base, kept: 'The last good state, the curves and the overlays are kept.', action: 'saveCheckpoint' }
        : { ...base, kept: 'Your images and settings are kept.', action: 'dismiss' };
    default:
      return { ...base, kept: `Your images and settings are kept.${runKept}`, action: 'dismiss' };
  }
}

function keptState(autosavedStep: number | undefined): string {
  return autosavedStep === undefined
    ? 'Training can go on from a checkpoint that you downloaded.'
    : `Training can go on from the automatic checkpoint of step ${autosavedStep}.`;
}
