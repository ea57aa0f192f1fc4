/** The one button that helps. */
export type TroubleAction = 'dismiss' | 'chooseFolder' | 'chooseCheckpoint' | 'restartWorker' | 'saveCheckpoint';

export interface Trouble {
  readonly code: string;
  /** What happened, for the person. */
  readonly message: string;
  /** What was kept. */
  readonly kept: string;
  readonly action: TroubleAction;
  /** For a bug report; shown on demand. */
  readonly detail?: string;
}

interface Report {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
}

/** What was kept and what helps, by the area that the code names before its slash. */
export function describeTrouble({ code, message, detail }: Report, hasRun: boolean): Trouble {
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
          ? 'Your settings, curves and overlays are kept. Training continues from the last checkpoint you downloaded.'
          : 'Your settings are kept.',
        action: 'restartWorker',
      };
    case 'dataset':
    case 'folder':
    case 'images':
      return { ...base, kept: `Your settings are kept.${runKept}`, action: 'chooseFolder' };
    case 'checkpoint':
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
