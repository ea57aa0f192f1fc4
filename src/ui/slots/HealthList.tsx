import type { ReactElement } from 'react';
import type { HealthLine } from '../../domain/reports.ts';
import { Icon } from '../widgets/icons.tsx';
import { useShownSnapshot } from '../training/useShownSnapshot.ts';

const SEVERITY: Readonly<Record<HealthLine['level'], number>> = { alarm: 3, warning: 2, info: 1, good: 0 };
const TONE: Readonly<Record<HealthLine['level'], string>> = {
  alarm: 'trouble',
  warning: 'to watch',
  info: 'on its way',
  good: 'good',
};

/** How both networks do on the watched images at the step that is looked at. */
export function HealthList(): ReactElement {
  const { snapshot } = useShownSnapshot();
  if (!snapshot) {
    return (
      <p className="health health-head">
        <span className="health-mark info" aria-hidden="true" />
        Health
        <span className="muted">comes with the first overlays</span>
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
    <details className="health" data-testid="health" data-level={worst}>
      <summary className="health-head" title="Measured on the watched images, seen whole">
        <span className={`health-mark ${worst}`} aria-hidden="true" />
        Health
        <span className="muted">
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
    <div className="health-line" data-measure={name} data-level={level}>
      <dt>
        {level === 'alarm' || level === 'warning' ? (
          <Icon name="warning" />
        ) : (
          <span className={`health-mark ${level}`} aria-hidden="true" />
        )}
        {label}
        <span className="visually-hidden">: {TONE[level]}</span>
      </dt>
      <dd>{value}</dd>
      <dd className="health-text muted">{text}</dd>
    </div>
  );
}
