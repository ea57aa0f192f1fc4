import { rewindLive } from './live.ts';
import type { SessionCore } from './core.ts';
import type { SessionJobs } from './jobs.ts';
import type { SessionState } from './state.ts';

/**
 * Before there is a run, a loaded checkpoint is shown at once: its slots on the watched images, drawn again when either
 * is replaced.
 */
export function showLoadedCheckpoints({ store, live }: SessionCore, { runJob, cancelJobs }: SessionJobs): void {
  let shown: Wanted | undefined;
  const show = async (wanted: Wanted): Promise<void> => {
    const drawn = await runJob({ kind: 'overlays' });
    // What comes late is for nobody.
    if (drawn.status === 'done' && wanted === shown) live.setState({ snapshots: [{ ...drawn.result, usage: [] }] });
  };
  store.subscribe((state) => {
    const wanted = wantedOf(state);
    if (wanted?.source === shown?.source && wanted?.datasetId === shown?.datasetId) return;
    cancelJobs('overlays');
    shown = wanted;
    // A run that starts keeps the picture until it draws its own.
    if (state.run.status === 'idle') live.setState(rewindLive(live.getState(), undefined), true);
    if (wanted) void show(wanted);
  });
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
