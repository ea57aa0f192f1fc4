import type { ReactElement } from 'react';
import type { ImagesState } from '../../state/session/images.ts';
import type { ResumeState } from '../../state/session/resume.ts';
import type { RunState } from '../../state/session/run.ts';
import { useLive, useSession } from '../app.ts';
import { formatDuration, plural } from '../widgets/format.ts';

/** Announces changes of state and every tenth of the run to screen readers, not every step. */
export function Announcer(): ReactElement {
  const images = useSession((state) => imagesText(state.images));
  const run = useSession((state) => runText(state.run));
  const resume = useSession((state) => resumeText(state.resume));
  const totalSteps = useSession(({ run: state }) => (state.status === 'training' ? state.run.totalSteps : 0));
  const tenths = useLive(({ record }) => (totalSteps > 0 && record ? Math.floor((10 * record.step) / totalSteps) : 0));
  const verdict = useLive((state) => state.verdict?.title);
  const training = totalSteps > 0;
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      <p>{images}</p>
      <p>{resume}</p>
      <p>{run}</p>
      <p>{training && tenths > 0 ? `${10 * tenths} percent done.` : ''}</p>
      <p>{training && verdict ? `${verdict}.` : ''}</p>
    </div>
  );
}

function imagesText(images: ImagesState): string {
  switch (images.status) {
    case 'empty':
      return '';
    case 'listing':
      return 'Listing the folder.';
    case 'reading':
      return `Reading images from ${images.dataset.name}.`;
    case 'ready':
      return `${plural(images.dataset.usable, 'image')} ready, ${images.dataset.skipped.length} skipped.`;
  }
}

function resumeText(resume: ResumeState): string {
  if (resume.status === 'loaded') return `Checkpoint ${resume.name} loaded, step ${resume.step}.`;
  return resume.status === 'encoder' ? `Encoder ${resume.name} loaded.` : '';
}

function runText(run: RunState): string {
  switch (run.status) {
    case 'idle':
      return '';
    case 'preparing':
      return 'Preparing the run.';
    case 'training':
      return `Training, ${plural(run.run.totalSteps, 'step')} in all.`;
    case 'paused':
      return `Paused at step ${run.step}.`;
    case 'ended':
      if (run.reason === 'lost') return 'The run was lost.';
      return `Run ${run.reason} at step ${run.step} after ${formatDuration(run.elapsedSeconds)}.`;
  }
}
