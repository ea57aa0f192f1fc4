import type { ReactElement } from 'react';
import { FIELDS } from '../../config/fields.ts';
import { unedited } from '../../state/view/settings.ts';
import { useApp, useSettings } from '../app.ts';
import styles from './StartFrom.module.css';

/** Settings that were changed to suit the loaded file, with a way back. */
export function AdaptedNote(): ReactElement | null {
  const { settings } = useApp();
  const adapted = useSettings((state) => state.adapted);
  const config = useSettings((state) => state.config);
  const names = adapted ? unedited(adapted, config) : [];
  if (!adapted || names.length === 0) return null;
  return (
    <div className={styles.adapted} data-testid="adapted" role="status">
      <span>Changed to suit it:</span>
      <ul>
        {names.map((name) => (
          <li key={name}>
            {FIELDS[name].label} {String(config[name])}{' '}
            <span className="muted">(was {String(adapted.before[name])})</span>
          </li>
        ))}
      </ul>
      <button type="button" className="small" onClick={settings.undoAdaptation} data-testid="undo-adapted">
        Put these back
      </button>
    </div>
  );
}
