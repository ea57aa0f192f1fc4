import { useMemo, type ReactElement } from 'react';
import { confusionRows } from '../../domain/confusionRows.ts';
import type { ScoreReport } from '../../domain/reports.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';
import { useClasses } from '../slots/useClasses.ts';
import styles from './ConfusionTable.module.css';
import { SlotName } from './SlotName.tsx';

/** More would be thousands of cells that nobody reads; the file has them all. */
const MOST = 32;

/** Which classes the pixels of each slot are of, as a heat map that is a table. */
export function ConfusionTable({ report }: { readonly report: ScoreReport }): ReactElement {
  const classes = useClasses();
  const { columns, rows, left } = useMemo(() => confusionRows(report.confusion, MOST), [report]);
  return (
    <section aria-labelledby="confusion-heading">
      <div className="panel-head">
        <h2 id="confusion-heading">Slots and classes</h2>
      </div>
      <p className="muted">Of each slot’s pixels, how many are of which class, in percent.</p>
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
                {shares.map((part, at) => (
                  <td
                    key={columns[at]}
                    style={{ '--heat': part.toFixed(3) } as Record<string, string>}
                    title={String(part)}
                  >
                    {part >= 0.005 ? Math.round(100 * part) : ''}
                  </td>
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
