import { useMemo, useState, type ReactElement } from 'react';
import { SLOTS_BY_STOPS } from '../../config/slotsBy.ts';
import { actionLabel } from '../../signals/advice/actionText.ts';
import type { AdviceAction } from '../../signals/advice/advice.ts';
import { runAdvice } from '../../state/runs/runAdvice.ts';
import type { RunState } from '../../state/session/run.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { useApp, useKeptRuns } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './NextSteps.module.css';

/** So many sentences are shown at first: the watched images stay on the screen. */
const SHOWN = 2;

/** What to do after a run, from what it has measured, each with its button; the gravest first. */
export function NextSteps({ run }: { readonly run: Extract<RunState, { status: 'ended' }> }): ReactElement | null {
  const { session } = useApp();
  const runs = useKeptRuns((state) => state.runs);
  const advice = useMemo(() => runAdvice(session, run, runs), [session, run, runs]);
  const [isOpen, setOpen] = useState(false);
  if (advice.length === 0) return null;
  const shown = isOpen ? advice : advice.slice(0, SHOWN);
  return (
    <section className={styles.steps} aria-labelledby="next-steps" data-testid="next-steps">
      <div className={styles.head}>
        <h2 id="next-steps">What to do next</h2>
        {advice.length > SHOWN && (
          <button type="button" className="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Show fewer' : `Show ${advice.length - SHOWN} more`}
          </button>
        )}
      </div>
      <ul>
        {shown.map(({ level, text, action }) => (
          <li key={text} data-level={level}>
            <span>
              {(level === 'alarm' || level === 'warning') && <Icon name="warning" />} {text}
            </span>
            {action && <ActionButton action={action} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ActionButton({ action }: { readonly action: AdviceAction }): ReactElement {
  const act = useAction(action);
  return (
    <button type="button" className="small" onClick={act} data-action={action.kind}>
      {actionLabel(action)}
    </button>
  );
}

function useAction(action: AdviceAction): () => void {
  const { session, settings, images, view } = useApp();
  const fillIn = (values: Parameters<typeof settings.change>[0]): void => {
    settings.change(values);
    view.setState({ tab: 'images' });
    // Once the tab of a narrow screen is shown, the button that begins the run can have the focus.
    requestAnimationFrame(() => document.getElementById('start')?.focus());
  };
  switch (action.kind) {
    case 'recipe':
      return () => fillIn(SLOTS_BY_STOPS[action.recipe].config);
    case 'settings':
      return () => fillIn(action.settings);
    case 'explore':
      return () => view.setState({ mainView: 'explore' });
    case 'images':
      return images.chooseFolder;
    case 'longer':
      return () => {
        view.setState(NEW_RUN_VIEW);
        session.trainLonger();
      };
  }
}
