import { memo, useEffect, useState, type ReactElement } from 'react';
import { METRICS, type StepRecord } from '../../signals/metrics.ts';
import { useApp } from '../app.ts';
import { formatCount, formatValue } from '../widgets/format.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';

const ROWS = 100;
const REFRESH_MS = 500;

const COLUMNS = METRICS.flatMap(([name, { column }]) => (column === undefined ? [] : [{ name, label: column }]));

/** The curves as numbers, newest first: the latest steps, exact on hover. */
export function MetricsTable(): ReactElement {
  const { series } = useApp().session;
  const [records, setRecords] = useState<readonly StepRecord[]>(() => newest(series.recent()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = series.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setRecords(newest(series.recent()));
      }, REFRESH_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [series]);
  return (
    <TableScroll label="Numbers of the latest steps">
      <table data-testid="metrics-table">
        <thead>
          <tr>
            <th scope="col">step</th>
            {COLUMNS.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={record.step} record={record} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function newest(records: readonly StepRecord[]): readonly StepRecord[] {
  return records.slice(-ROWS).reverse();
}

/** A record never changes, so a row is rendered once. */
const Row = memo(function Row({ record }: { readonly record: StepRecord }): ReactElement {
  return (
    <tr>
      <th scope="row">{record.step}</th>
      {COLUMNS.map(({ name, label }) => {
        const number = record[name];
        return (
          <td key={label} title={String(number)}>
            {Number.isInteger(number) ? formatCount(number) : formatValue(number)}
          </td>
        );
      })}
    </tr>
  );
});
