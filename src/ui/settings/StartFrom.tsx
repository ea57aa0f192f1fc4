import type { ReactElement } from 'react';
import type { StartChoice } from '../../state/session/resume.ts';
import { isActive } from '../../state/session/run.ts';
import { useApp, useKeptRuns, useSession } from '../app.ts';
import { KNOWN_STARTS } from '../../config/starts/knownStarts.ts';
import { KnownStartCard } from './KnownStartCard.tsx';
import styles from './StartFrom.module.css';

/** Chooses what the next run starts from. */
export function StartFrom(): ReactElement {
  const { images, runHistory, session } = useApp();
  const choice = useSession((state) => state.startFrom);
  const isWaiting = useSession(({ resume }) => resume.status === 'none');
  const active = useSession((state) => isActive(state.run));
  const runs = useKeptRuns((state) => state.runs);
  const choose = (value: string): void => {
    const next = choiceOf(value);
    session.chooseStart(next);
    if (next.kind === 'run') void runHistory.startFrom(next.id);
  };
  return (
    <div className={styles.start}>
      <label className={styles.choice}>
        Start from
        <select
          value={valueOf(choice)}
          disabled={active}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data-testid="start-from"
        >
          <option value="fresh">fresh weights</option>
          <option value="file">a file</option>
          <optgroup label="My runs, with their weights">
            {runs.map(({ id, title, checkpointStep }) => (
              <option key={id} value={`run:${id}`} disabled={checkpointStep === undefined}>
                {title}
                {checkpointStep === undefined ? ' (no checkpoint kept)' : `, step ${checkpointStep}`}
              </option>
            ))}
          </optgroup>
          <optgroup label="Published weights">
            {KNOWN_STARTS.map(({ id, name }) => (
              <option key={id} value={`known:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {choice.kind === 'known' && <KnownStartCard id={choice.id} />}
      {isWaiting && (choice.kind === 'file' || choice.kind === 'known') && (
        <div className={styles.file}>
          <button type="button" className="small" onClick={images.chooseCheckpoint} disabled={active}>
            Choose the file
          </button>
          <span className="muted">or drop it on the page: .pth or .safetensors</span>
        </div>
      )}
    </div>
  );
}

const valueOf = (choice: StartChoice): string => ('id' in choice ? `${choice.kind}:${choice.id}` : choice.kind);

function choiceOf(value: string): StartChoice {
  const [kind, id] = value.split(/:(.*)/);
  if (kind === 'run' || kind === 'known') return { kind, id };
  return { kind: kind === 'file' ? 'file' : 'fresh' };
}
