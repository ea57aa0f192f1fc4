import { axisLabel, type SweepAxis, type SweepPoint } from './sweep.ts';

/** Results of one run: numbers by name, in column order, or the reason why there are none. */
export interface SweepOutcome {
  readonly point: SweepPoint;
  readonly measures: Readonly<Record<string, number>>;
  readonly failure?: string;
}

export interface SweepTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One row per combination: mean ± standard deviation over the seeds that succeeded. */
export function sweepTable(axes: readonly SweepAxis[], outcomes: readonly SweepOutcome[]): SweepTable {
  const combinations = new Map<string, SweepOutcome[]>();
  for (const outcome of outcomes) {
    const key = JSON.stringify(outcome.point.values);
    combinations.set(key, [...(combinations.get(key) ?? []), outcome]);
  }
  const measures = [...new Set(outcomes.flatMap((outcome) => Object.keys(outcome.measures)))];
  const rows = [...combinations.values()].map((group) => {
    const done = group.filter(({ failure }) => failure === undefined);
    return [
      ...group[0].point.values.map(String),
      done.length === group.length ? String(group.length) : `${done.length} of ${group.length}`,
      ...measures.map((name) => spread(done.map((outcome) => outcome.measures[name]).filter(Number.isFinite))),
    ];
  });
  const settings = axes.map(({ name }) => axisLabel(name));
  return { columns: [...settings, 'runs', ...measures], rows };
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const digits = Math.abs(mean) >= 10 ? 1 : 3;
  if (values.length === 1) return mean.toFixed(digits);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`;
}

export function tableToMarkdown({ columns, rows }: SweepTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** CSV (RFC 4180) with one line per run, for use in other programs. */
export function outcomesToCsv(axes: readonly SweepAxis[], outcomes: readonly SweepOutcome[]): string {
  const measures = [...new Set(outcomes.flatMap((outcome) => Object.keys(outcome.measures)))];
  const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  const lines = outcomes.map(({ point, measures: own, failure }) => [
    ...point.values.map(String),
    String(point.seed),
    ...measures.map((name) => (name in own ? String(own[name]) : '')),
    failure ?? '',
  ]);
  const head = [...axes.map(({ name }) => name), 'seed', ...measures, 'failure'];
  return [head, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}
