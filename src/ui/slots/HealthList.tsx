import type { ReactElement } from 'react';
import type { HealthLine } from '../../domain/reports.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './HealthList.module.css';
import { useShownSnapshot } from '../training/useShownSnapshot.ts';

const SEVERITY: Readonly<Record<HealthLine['level'], number>> = { alarm: 3, warning: 2, info: 1, good: 0 };
const TONE: Readonly<Record<HealthLine['level'], string>> = {
  alarm: 'alarm',
  warning: 'warning',
  info: 'in progress',
  good: 'good',
};

/** Health of both networks on the watched images, at the step that is shown. */
export function HealthList(): ReactElement {
  const { snapshot } = useShownSnapshot();
  if (!snapshot) {
    return (
      <p className={`${styles.health} ${styles.head}`}>
        <span className={styles.mark} aria-hidden="true" />
        Health
        <span className={styles.status}>comes with the first overlays</span>
      </p>
    );
  }
  const { lines } = snapshot.health;
  const worst = lines.reduce<HealthLine['level']>(
    (level, line) => (SEVERITY[line.level] > SEVERITY[level] ? line.level : level),
    'good',
  );
  const good = lines.filter(({ level }) => level === 'good').length;
  return (
    <details className={styles.health} data-testid="health" data-level={worst}>
      <summary className={styles.head} title="Measured on whole watched images">
        <span className={styles.mark} data-level={worst} aria-hidden="true" />
        Health
        <span className={styles.status}>
          {good} of {lines.length} good
        </span>
      </summary>
      <dl>
        {lines.map((line) => (
          <Line key={line.name} line={line} />
        ))}
      </dl>
    </details>
  );
}

function Line({ line: { name, label, value, level, text } }: { readonly line: HealthLine }): ReactElement {
  return (
    <div className={styles.line} data-measure={name} data-level={level}>
      <dt>
        {level === 'alarm' || level === 'warning' ? (
          <Icon name="warning" />
        ) : (
          <span className={styles.mark} data-level={level} aria-hidden="true" />
        )}
        {label}
        <span className="visually-hidden">: {TONE[level]}</span>
      </dt>
      <dd>{value}</dd>
      <dd className={styles.text}>{text}</dd>
    </div>
  );
}
