import { batchShortfall, shortfallRemedy } from '../../config/batchSize.ts';
import type { Config } from '../../config/fields.ts';
import { misfitOf, type AdapterSlice } from './adapter.ts';
import { datasetOf, type ImagesSlice } from './images.ts';
import type { ResumeSlice } from './resume.ts';
import { isSavable, type RunSlice } from './run.ts';

/** The parts of a session that decide whether an action is possible. */
export type ReadinessSlices = AdapterSlice & ImagesSlice & RunSlice & ResumeSlice;

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** Decides if a run can start with these settings, and names what is missing, with the numbers. */
export function startReadiness(
  session: ReadinessSlices,
  config: Config,
  invalidSettings: number,
  conflict?: string,
): Readiness {
  const { adapter, images, run, resume } = session;
  const no = (why: string): Readiness => ({ ready: false, why });
  if (run.status === 'preparing') return no('Getting ready…');
  if (run.status === 'training' || run.status === 'paused') return no('A run is in progress.');
  if (adapter.status === 'opening') return no('Opening the graphics adapter…');
  if (adapter.status === 'failed') return no('The training engine is not running. Restart it first.');
  if (invalidSettings > 0) {
    return no(`${invalidSettings} ${invalidSettings === 1 ? 'setting is' : 'settings are'} not valid yet.`);
  }
  if (conflict !== undefined) return no(conflict);
  const misfit = misfitOf(session, config);
  if (misfit !== undefined) return no(misfit);
  if (resume.status === 'checking') return no(`Reading "${resume.name}"…`);
  if (resume.status === 'encoder' && resume.report.matched.length === 0) {
    return no(`The encoder "${resume.name}" doesn't fit these settings. Use its own, or discard it.`);
  }
  if (images.status === 'empty') return no('Choose images first.');
  if (images.status === 'listing') return no('Looking through the folder…');
  const usable = datasetOf(images)?.usable ?? 0;
  const shortfall = batchShortfall(usable, config);
  if (shortfall === undefined) return { ready: true };
  return no(`${shortfall} ${images.status === 'reading' ? 'Still reading…' : shortfallRemedy(config)}`);
}

/** Decides if the model on the screen can segment its images, counts them, and names what is missing. */
export function masksReadiness(
  session: ReadinessSlices,
): { readonly ready: true; readonly images: number } | Extract<Readiness, { ready: false }> {
  const { adapter, images, run, resume } = session;
  const no = (why: string) => ({ ready: false, why }) as const;
  if (adapter.status === 'opening') return no('Opening the graphics adapter…');
  if (adapter.status === 'failed') return no('The training engine is not running. Restart it first.');
  if (run.status === 'preparing') return no('The run is being prepared.');
  // A run keeps the images that it started with.
  if (run.status !== 'idle') {
    if (isSavable(run)) return { ready: true, images: run.run.imageCount };
    return no('The model is gone with the engine. Start from its last checkpoint first.');
  }
  if (resume.status !== 'loaded') return no('There is no model yet. Train one or load a checkpoint first.');
  if (images.status === 'listing') return no('Looking through the folder…');
  if (images.status === 'reading') return no('Still reading the images…');
  const usable = datasetOf(images)?.usable ?? 0;
  return usable > 0 ? { ready: true, images: usable } : no('There are no images yet. Choose a folder first.');
}
