import { lazy, Suspense, type ReactElement } from 'react';
import { startReadiness, type Readiness } from '../../state/session/readiness.ts';
import { settingsConflict } from '../../state/view/settings.ts';
import { datasetOf } from '../../state/session/images.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { PRESETS } from '../../config/presets.ts';
import { useApp, useSession, useSettings, useTabs } from '../app.ts';
import { formatCount } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './StartBar.module.css';

const StartFrom = lazy(async () => ({ default: (await import('./StartFrom.tsx')).StartFrom }));

const ResumeNote = lazy(async () => ({ default: (await import('./ResumeNote.tsx')).ResumeNote }));

const TAKEN = 'Another tab trains: it has to end its run, or be closed, before this one can start.';

/** Starts a run with the settings of the form, or tells why it cannot start. */
export function useStart(): { readonly readiness: Readiness; readonly start: () => void } {
  const { session, settings, view } = useApp();
  const state = useSession((whole) => whole);
  const config = useSettings((whole) => whole.config);
  const invalid = useSettings(({ drafts }) => Object.keys(drafts).length);
  const taken = useTabs(({ other }) => other !== undefined);
  const readiness = startReadiness(state, config, invalid, taken ? TAKEN : settingsConflict(config));
  const start = (): void => {
    if (!readiness.ready) return;
    const name = datasetOf(state.images)?.name ?? '';
    view.setState(NEW_RUN_VIEW);
    session.start(config, `${name} · ${PRESETS[settings.store.getState().preset].label}`);
  };
  return { readiness, start };
}

export function StartBar(): ReactElement {
  const { readiness, start } = useStart();
  const resume = useSession((state) => state.resume);
  const from = resume.status === 'loaded' && !resume.anew ? resume.step : undefined;
  return (
    <div className={styles.bar}>
      <div className={styles.from}>
        <Suspense>
          <StartFrom />
        </Suspense>
        {resume.status !== 'none' && (
          <Suspense>
            <ResumeNote />
          </Suspense>
        )}
      </div>
      <button
        type="button"
        id="start"
        className={`primary ${styles.start}`}
        disabled={!readiness.ready}
        aria-describedby="start-why"
        onClick={start}
        data-testid="start"
      >
        <Icon name="play" /> {from === undefined ? 'Start' : `Start from step ${formatCount(from)}`}
      </button>
      <p className={`muted ${styles.why}`} id="start-why" data-testid="start-why">
        {readiness.ready ? '' : readiness.why}
      </p>
    </div>
  );
}
