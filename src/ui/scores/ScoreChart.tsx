import { useMemo, type ReactElement } from 'react';
import type { Session } from '../../state/session/session.ts';
import { useApp, useSession, useView } from '../app.ts';
import { Chart } from '../charts/Chart.tsx';
import type { ChartSource, ChartSpec } from '../charts/chartLines.ts';
import { TableToggle } from '../charts/TableToggle.tsx';
import { TableScroll } from '../widgets/TableScroll.tsx';
import styles from './ScoreChart.module.css';

type Model = 'miou' | 'pixelAccuracy' | 'nmi';
type Line = Model | 'untrained' | 'colors';

const line = <Name extends Line>(name: Name, label: string, color: string, help: string, dash?: readonly number[]) =>
  ({ name, label, color, help, smoothed: false, scale: 'y', ...(dash ? { dash } : {}) }) as const;

const MODEL = [
  line('miou', 'mIoU', '--line-total', 'Mean IoU, each class matched to a slot of its own.'),
  line('pixelAccuracy', 'pixel accuracy', '--line-slot', 'Fraction of pixels that are right by that matching.'),
  line('nmi', 'NMI', '--line-c', 'Normalized mutual information of slots and classes.'),
];
const PLAIN: ChartSpec<Line> = { title: 'Scores', lines: MODEL, dotted: true };
const COMPARED: ChartSpec<Line> = {
  ...PLAIN,
  lines: [
    ...MODEL,
    line('untrained', 'mIoU untrained', '--muted', 'The same model before its first step.', [2, 3]),
    line('colors', 'mIoU of colors', '--line-group', 'As many clusters of colors as there are slots.', [6, 4]),
  ],
};

/** Scores over the steps, and the baselines as lines; a table where curves are shown as tables. */
export function ScoreChart(): ReactElement {
  const { session } = useApp();
  const table = useView((state) => state.table);
  const compared = useSession(({ scores }) => scores.baselines !== undefined);
  const source = useMemo(() => sourceOf(session), [session]);
  return (
    <section aria-labelledby="score-curve-heading">
      <div className="panel-head">
        <h2 id="score-curve-heading">Over the steps</h2>
        <TableToggle />
      </div>
      <div className={styles.chart}>
        {table ? <CurveTable /> : <Chart spec={compared ? COMPARED : PLAIN} series={source} />}
      </div>
    </section>
  );
}

function CurveTable(): ReactElement {
  const curve = useSession(({ scores }) => scores.curve);
  return (
    <TableScroll tall label="Scores over the steps">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {MODEL.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {curve.toReversed().map((point) => (
            <tr key={point.step}>
              <th scope="row">{point.step}</th>
              {MODEL.map(({ name }) => (
                <td key={name} title={String(point[name])}>
                  {point[name].toFixed(3)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function sourceOf({ store }: Session): ChartSource<Line> {
  const scores = () => store.getState().scores;
  return {
    steps: () => Float64Array.from(scores().curve, ({ step }) => step),
    values: (name) => {
      const { curve, baselines } = scores();
      if (name === 'untrained' || name === 'colors')
        return new Float64Array(curve.length).fill(baselines?.[name].miou ?? 0);
      return Float64Array.from(curve, (point) => point[name]);
    },
    subscribe: (listener) =>
      store.subscribe((state, before) => {
        if (state.scores !== before.scores) listener();
      }),
  };
}
