import type { AdapterSlice } from './adapter.ts';
import type { SessionCore } from './core.ts';
import type { ImagesSlice } from './images.ts';
import type { JobActions } from './jobs.ts';
import { rewindLive } from './live/live.ts';
import type { ResumeSlice } from './resume.ts';
import type { RunSlice } from './run.ts';

type PreviewSlices = AdapterSlice & ImagesSlice & RunSlice & ResumeSlice;

/**
 * Before there is a run, shows a loaded checkpoint at once: its slots on the watched images, drawn again when either is
 * replaced.
 */
export function showLoadedCheckpoints(
  { store, live }: SessionCore<PreviewSlices>,
  { runJob, cancelJobs }: JobActions,
): void {
  let shown: Preview | undefined;
  const show = async (preview: Preview): Promise<void> => {
    const drawn = await runJob('overlays', {});
    // Stale result: another checkpoint or other images replaced this one.
    if (drawn.status !== 'done' || preview !== shown) return;
    live.setState({ snapshots: [{ ...drawn.result, usage: [] }] });
  };
  store.subscribe((state) => {
    const preview = previewOf(state);
    if (preview?.source === shown?.source && preview?.datasetId === shown?.datasetId) return;
    cancelJobs('overlays');
    shown = preview;
    // A run that starts keeps the preview until it draws its own overlays.
    if (state.run.status === 'idle') live.setState(rewindLive(live.getState(), undefined), true);
    if (preview) void show(preview);
  });
}

interface Preview {
  readonly source: Blob;
  readonly datasetId: number;
}

function previewOf({ adapter, run, resume, images }: PreviewSlices): Preview | undefined {
  if (adapter.status !== 'ready' || run.status !== 'idle' || resume.status !== 'loaded') return undefined;
  if (images.status !== 'ready' || images.dataset.usable === 0) return undefined;
  return { source: resume.source, datasetId: images.dataset.datasetId };
}
