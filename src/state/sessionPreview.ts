import type { FromWorker } from '../worker/protocol.ts';
import { rewindLive } from './live.ts';
import type { SessionCore } from './sessionCore.ts';
import type { SessionState } from './sessionState.ts';

export interface SessionPreview {
  /** Takes what was drawn, if it is still what is wanted. */
  show(preview: Extract<FromWorker, { type: 'preview' }>): void;
}

/**
 * Before there is a run, a loaded checkpoint is shown at once: its slots on the watched images, drawn again when either
 * is replaced.
 */
export function createSessionPreview({ store, live, post, nextId }: SessionCore): SessionPreview {
  let shown: Wanted | undefined;
  store.subscribe((state) => {
    const wanted = wantedOf(state);
    if (wanted?.source === shown?.source && wanted?.datasetId === shown?.datasetId) return;
    shown = wanted;
    // A run that starts keeps the picture until it draws its own.
    if (state.run.status === 'idle') live.setState(rewindLive(live.getState(), undefined), true);
    const previewing = wanted && nextId();
    store.setState({ previewing });
    if (wanted && previewing !== undefined) post({ type: 'preview', requestId: previewing, source: wanted.source });
  });
  return {
    show: ({ requestId, step, overlays }) => {
      if (requestId !== store.getState().previewing) return;
      store.setState({ previewing: undefined });
      live.setState({ snapshots: [{ step, overlays, usage: [] }] });
    },
  };
}

interface Wanted {
  readonly source: Blob;
  readonly datasetId: number;
}

function wantedOf({ adapter, run, resume, images }: SessionState): Wanted | undefined {
  if (adapter.status !== 'ready' || run.status !== 'idle' || resume.status !== 'loaded') return undefined;
  if (images.status !== 'ready' || images.dataset.usable === 0) return undefined;
  return { source: resume.source, datasetId: images.dataset.datasetId };
}
