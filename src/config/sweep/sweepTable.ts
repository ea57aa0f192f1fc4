import { csvLines } from '../../lib/text/csv.ts';
import { axisLabel, type SweepAxis, type SweepPoint } from './sweep.ts';

/** Results of one run: numbers by name, in column order, or the reason why there are none. */
export interface SweepOutcome {
  readonly point: SweepPoint;
  readonly measures: Readonly<Record<string, number>>;
  readonly failure?: string;
}

/** What the runs are compared with, for one seed. */
export interface SweepBaseline {
  readonly name: string;
  readonly seed: number;
  readonly measures: Readonly<Record<string, number>>;
}

export interface SweepTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One row per combination and per baseline: mean ± standard deviation over the seeds that succeeded. */
export function sweepTable(
  axes: readonly SweepAxis[],
  outcomes: readonly SweepOutcome[],
  baselines: readonly SweepBaseline[] = [],
): SweepTable {
  const measures = measuresOf([...outcomes, ...baselines]);
  const spreads = (of: readonly Measured[]): string[] =>
    measures.map((name) => spread(of.map((one) => one.measures[name]).filter(Number.isFinite)));
  const combinations = groupBy(outcomes, ({ point }) => JSON.stringify(point.values)).map((group) => {
    const done = group.filter(({ failure }) => failure === undefined);
    const runs = done.length === group.length ? String(group.length) : `${done.length} of ${group.length}`;
    return [...group[0].point.values.map(String), runs, ...spreads(done)];
  });
  const compared = groupBy(baselines, ({ name }) => name).map((group) => {
    return [...namedRow(group[0], axes), String(group.length), ...spreads(group)];
  });
  const settings = axes.map(({ name }) => axisLabel(name));
  return { columns: [...settings, 'runs', ...measures], rows: [...combinations, ...compared] };
}

type Measured = Pick<SweepOutcome, 'measures'>;

/** Names of all measures, in column order. */
function measuresOf(all: readonly Measured[]): string[] {
  return [...new Set(all.flatMap(({ measures }) => Object.keys(measures)))];
}

/** The name of a baseline in the columns of the settings. */
function namedRow({ name }: SweepBaseline, axes: readonly SweepAxis[]): string[] {
  return axes.map((_, at) => (at === 0 ? name : ''));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
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

/** CSV with one line per run and per seed of a baseline, for use in other programs. */
export function outcomesToCsv(
  axes: readonly SweepAxis[],
  outcomes: readonly SweepOutcome[],
  baselines: readonly SweepBaseline[] = [],
): string {
  const measures = measuresOf([...outcomes, ...baselines]);
  const values = ({ measures: own }: Measured): string[] =>
    measures.map((name) => (name in own ? String(own[name]) : ''));
  const lines = [
    ...outcomes.map((run) => [
      ...run.point.values.map(String),
      String(run.point.seed),
      ...values(run),
      run.failure ?? '',
    ]),
    ...baselines.map((one) => [...namedRow(one, axes), String(one.seed), ...values(one), '']),
  ];
  const head = [...axes.map(({ name }) => name), 'seed', ...measures, 'failure'];
  return csvLines([head, ...lines]);
}
