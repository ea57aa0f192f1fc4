import type { ReactElement } from 'react';
import type { ScoreReport } from '../../domain/reports.ts';
import { formatPercent } from '../widgets/format.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';
import { useClasses } from '../slots/useClasses.ts';
import { SlotName } from './SlotName.tsx';

/** Every class with the slot matched to it, most frequent first. */
export function ClassTable({ report }: { readonly report: ScoreReport }): ReactElement {
  const classes = useClasses();
  const rows = report.scores.perClass.toSorted((a, b) => b.share - a.share);
  return (
    <section aria-labelledby="classes-heading">
      <div className="panel-head">
        <h2 id="classes-heading">Classes</h2>
      </div>
      <TableScroll tall label="Scores of each class">
        <table data-testid="class-table">
          <thead>
            <tr>
              <th scope="col">class</th>
              <th scope="col">pixels</th>
              <th scope="col">slot</th>
              <th scope="col">IoU, %</th>
              <th scope="col">majority, %</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ class: index, share, prototype, iou, majorityIou }) => (
              <tr key={index}>
                <th scope="row">{report.classNames[index]}</th>
                <td title={String(share)}>{formatPercent(share)}</td>
                <td>{prototype < 0 ? 'none left' : <SlotName prototype={prototype} classes={classes} />}</td>
                <td title={String(iou)}>{(100 * iou).toFixed(1)}</td>
                <td title={String(majorityIou)}>{(100 * majorityIou).toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
