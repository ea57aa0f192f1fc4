import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proposedPreset } from '../../config/presets.ts';
import { sweepPoints, type SweepAxis, type SweepPoint } from '../../config/sweep/sweep.ts';
import {
  outcomesToCsv,
  sweepTable,
  tableToMarkdown,
  type SweepBaseline,
  type SweepOutcome,
} from '../../config/sweep/sweepTable.ts';
import { UserError } from '../../lib/errors.ts';
import { lastSteps, scoreMeasures } from '../../signals/runMeasures.ts';
import type { Engine } from '../../ops/engine.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import { loadCheckpoint } from '../checkpointFile.ts';
import { openEngine } from '../engine.ts';
import { readLabeled, scoreBaselines, scoreCheckpoint, type LabeledPaths } from '../evaluation.ts';
import { checkFolder, makeFolder } from '../output/outputPath.ts';
import { checkRunFolder } from './runFolder.ts';
import { createJob, type TrainJob } from './trainJob.ts';

export interface Sweep {
  readonly axes: readonly SweepAxis[];
  readonly seeds: number;
  /** What the runs are scored on; a folder without masks is not. */
  readonly labeled: LabeledPaths;
}

/** All that a sweep has found so far. */
interface Results {
  readonly axes: readonly SweepAxis[];
  readonly outcomes: readonly SweepOutcome[];
  readonly baselines: readonly SweepBaseline[];
}

/** Trains one run after another; a run that fails is recorded and the next one starts. */
export async function trainSweep(
  job: TrainJob,
  { axes, seeds, labeled }: Sweep,
  train: (job: TrainJob) => Promise<void>,
): Promise<void> {
  const { adapter, engine } = await openEngine();
  const preset = job.preset ?? proposedPreset(adapter.software);
  const points = sweepPoints(axes, seeds, job.config(preset));
  const jobs = points.map((point) => {
    const out = join(job.out, point.label.replace(/[^\w.=-]+/g, '_'));
    return createJob({ ...job, preset, out, advises: false, overrides: { ...job.overrides, ...point.overrides } });
  });
  jobs.forEach(checkRunFolder);
  makeFolder(job.out);
  const outcomes: SweepOutcome[] = [];
  // First, so that masks that can't be used end the sweep before it trains.
  const configs = jobs.map((run) => run.config(preset));
  const baselines = isScored(labeled) ? await scoreBaselines(labeled, configs) : [];
  const results: Results = { axes, outcomes, baselines };
  // Besides the handler of the run, which stops it: no other run starts.
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  for (const [index, point] of points.entries()) {
    if (interrupt.signal.aborted) break;
    console.log(`Run ${index + 1} of ${points.length}: ${point.label}`);
    outcomes.push(await runPoint(jobs[index], point, labeled, engine, train));
    writeResults(job.out, results);
  }
  console.log(tableToMarkdown(sweepTable(axes, outcomes, baselines)));
  console.log(`${outcomes.length} of ${points.length} runs done; sweep.md, sweep.csv and sweep.json in ${job.out}`);
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  if (failed > 0)
    throw new UserError('sweep/failed', `${failed} of ${outcomes.length} runs failed; the tables say why.`);
}

/** Throws unless the folder can be written and holds no other sweep, or one that may be replaced. */
export function checkSweepFolder({ out, overwrite }: Pick<TrainJob, 'out' | 'overwrite'>): void {
  checkFolder(out);
  if (overwrite || !existsSync(join(out, 'sweep.json'))) return;
  throw new UserError(
    'export/exists',
    `"${out}" holds a sweep already. Name another folder, or add --overwrite to replace it.`,
  );
}

async function runPoint(
  job: TrainJob,
  point: SweepPoint,
  labeled: LabeledPaths,
  engine: Engine,
  train: (job: TrainJob) => Promise<void>,
): Promise<SweepOutcome> {
  try {
    await train(job);
    const scores = isScored(labeled) ? await scoresOf(job.out, labeled, engine) : {};
    return { point, measures: { ...lastSteps(recordsOf(job.out)), ...scores } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`Failed: ${error.message}`);
    return { point, measures: {}, failure: error.message };
  }
}

/** Sample scenes have masks of their own. */
const isScored = ({ images, masks }: LabeledPaths): boolean => images === undefined || masks !== undefined;

function recordsOf(folder: string): StepRecord[] {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as StepRecord);
}

async function scoresOf(folder: string, labeled: LabeledPaths, engine: Engine): Promise<Record<string, number>> {
  const checkpoint = loadCheckpoint(join(folder, 'checkpoint.safetensors'));
  const pairs = await readLabeled(labeled, checkpoint.config);
  const { voidValue } = labeled;
  return scoreMeasures(await scoreCheckpoint(engine, checkpoint, pairs, { voidValue, edges: true }));
}

/** Written after every run, so that an interrupted sweep leaves its results so far. */
function writeResults(folder: string, results: Results): void {
  const { axes, outcomes, baselines } = results;
  writeFileSync(join(folder, 'sweep.md'), `${tableToMarkdown(sweepTable(axes, outcomes, baselines))}\n`);
  writeFileSync(join(folder, 'sweep.csv'), outcomesToCsv(axes, outcomes, baselines));
  writeFileSync(join(folder, 'sweep.json'), `${JSON.stringify(results, undefined, 2)}\n`);
}
