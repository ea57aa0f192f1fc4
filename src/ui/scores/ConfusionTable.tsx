import { useMemo, type ReactElement } from 'react';
import { confusionRows } from '../../domain/scores/confusionRows.ts';
import type { ScoreReport } from '../../domain/reports.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';
import { useClasses } from '../slots/useClasses.ts';
import styles from './ConfusionTable.module.css';
import { SlotName } from './SlotName.tsx';

/** Maximum rows and columns of the table; the file has them all. */
const MAX_SHOWN = 32;

/** Classes of the pixels of each slot, as a table with the colors of a heat map. */
export function ConfusionTable({ report }: { readonly report: ScoreReport }): ReactElement {
  const classes = useClasses();
  const { columns, rows, left } = useMemo(() => confusionRows(report.confusion, MAX_SHOWN), [report]);
  return (
    <section aria-labelledby="confusion-heading">
      <div className="panel-head">
        <h2 id="confusion-heading">Slots and classes</h2>
      </div>
      <p className="muted">Classes of each slot’s pixels, in percent.</p>
      <TableScroll tall label="Pixels of slots in classes">
        <table className={styles.confusion} data-testid="confusion">
          <thead>
            <tr>
              <th scope="col">slot</th>
              {columns.map((index) => (
                <th key={index} scope="col">
                  {report.classNames[index]}
                </th>
              ))}
              <th scope="col">of all</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ prototype, share, shares }) => (
              <tr key={prototype}>
                <th scope="row">
                  <SlotName prototype={prototype} classes={classes} />
                </th>
                {shares.map((fraction, at) => (
                  <HeatCell key={columns[at]} fraction={fraction} />
                ))}
                <td data-testid="confusion-fraction">{formatPercent(share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {left.prototypes + left.classes > 0 && (
        <p className="muted">
          Not shown: {plural(left.prototypes, 'slot')} and {left.classes} classes, {formatPercent(left.share)} of the
          pixels. The JSON file has them.
        </p>
      )}
    </section>
  );
}

function HeatCell({ fraction }: { readonly fraction: number }): ReactElement {
  return (
    <td style={{ '--heat': fraction.toFixed(3) } as Record<string, string>} title={String(fraction)}>
      {fraction >= 0.005 ? Math.round(100 * fraction) : ''}
    </td>
  );
}
