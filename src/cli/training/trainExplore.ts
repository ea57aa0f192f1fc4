import { join } from 'node:path';
import { stepGflop } from '../../config/cost.ts';
import { exploreConfig, explorePoints, exploreSteps, EXPLORED_IMAGES } from '../../config/explore.ts';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { proposedPreset } from '../../config/presets.ts';
import type { SweepPoint } from '../../config/sweep/sweep.ts';
import { comparedLabels } from '../../domain/exploration.ts';
import type { ImageSource } from '../../domain/images.ts';
import type { SlotGrid } from '../../domain/slotGrid.ts';
import { createWholeSegmenter, segmentWholeImages } from '../../inference/slotGrids.ts';
import { withCheckpointModel } from '../../inference/temporaryModel.ts';
import { UserError } from '../../lib/errors.ts';
import { evenly } from '../../lib/evenly.ts';
import type { Engine } from '../../ops/engine.ts';
import { stabilityAdvice } from '../../signals/advice/advice.ts';
import { createTrainer } from '../../trainer/trainer.ts';
import { loadCheckpoint } from '../checkpointFile.ts';
import { openEngine } from '../engine.ts';
import { makeFolder } from '../output/outputPath.ts';
import { writeContactSheet } from './contactSheet.ts';
import { reportExploration } from './exploreReport.ts';
import { isFinished, readPlan, recipeRows, writeSummary, type ExploredRun, type ExplorePlan } from './exploreFolder.ts';
import { duration } from './progress.ts';
import { readImages } from './trainingImages.ts';
import { createJob, type TrainJob } from './trainJob.ts';

/** Number of steps that the speed is measured on, after the first ones, which compile. */
const MEASURED_STEPS = 5;
const FIRST_STEPS = 2;

/**
 * Trains short runs of each recipe and draws the contact sheet. What the folder holds of the same exploration is kept:
 * it resumes at the run where it was. `steps` is the length of a run; measured if undefined.
 */
export async function trainExplore(
  job: TrainJob,
  steps: number | undefined,
  train: (job: TrainJob) => Promise<void>,
): Promise<void> {
  const { adapter, engine } = await openEngine();
  const preset = job.preset ?? proposedPreset(adapter.software);
  const base = job.config(preset);
  const { source } = await readImages(job.images, base.workingSize);
  const held = job.overwrite ? undefined : readPlan(job.out);
  const length = steps ?? held?.config.steps ?? (await measuredSteps(engine, base, source));
  const plan: ExplorePlan = { images: job.images, config: exploreConfig(base, length) };
  makeFolder(job.out);
  const points = explorePoints(plan.config);
  const runs: ExploredRun[] = [];
  const interrupt = new AbortController();
  const isStopped = (): boolean => interrupt.signal.aborted;
  process.once('SIGINT', () => interrupt.abort());
  writeSummary(job.out, plan, []);
  const bar = createBar(points.length);
  for (const point of points) {
    if (isStopped()) break;
    const folder = point.label.replace(/[^\w.=-]+/g, '_');
    const overrides = { ...job.overrides, ...ownSettings(plan.config), ...point.overrides };
    const out = join(job.out, folder);
    const own = createJob({ ...job, preset, out, overwrite: true, advises: false, until: Infinity, overrides });
    const isKept = !job.overwrite && isFinished(out, makeConfig(plan.config, point.overrides));
    console.log(bar.line(runs.length, point.label, isKept));
    const run = await explorePoint(own, point, folder, { engine, source, train, isKept });
    if (isStopped()) break;
    runs.push(run);
    bar.done(isKept);
    writeSummary(job.out, plan, recipeRows(runs));
  }
  if (isStopped()) {
    console.log(`Stopped after ${runs.length} of ${points.length} runs; the same command continues there.`);
    return;
  }
  const rows = recipeRows(runs);
  await writeContactSheet(join(job.out, 'explore.png'), rows, runs, source, plan.config);
  if (job.report) {
    const adapterName = adapter.description;
    const explored = { config: base, steps: length, adapter: adapterName, folder: job.images, source, rows, runs };
    await reportExploration(join(job.out, 'report.html'), explored);
  }
  for (const { label, stability, slotsInUse } of rows)
    console.log(`${label}: stability ${stability?.toFixed(2) ?? '–'}, ${slotsInUse ?? '–'} slots in use`);
  const advice = stabilityAdvice(rows.at(0)?.stability, plan.config.prototypes);
  if (advice) console.log(advice.text);
  console.log(`explore.png and explore.json in ${job.out}; look at the pictures before you take the first row.`);
  const failed = runs.filter(({ failure }) => failure !== undefined).length;
  if (failed > 0)
    throw new UserError('sweep/failed', `${failed} of ${runs.length} runs failed; explore.json says why.`);
}

interface Means {
  readonly engine: Engine;
  readonly source: ImageSource;
  readonly isKept: boolean;
  train(job: TrainJob): Promise<void>;
}

async function explorePoint(
  job: TrainJob,
  point: SweepPoint,
  folder: string,
  { engine, source, isKept, train }: Means,
): Promise<ExploredRun> {
  try {
    if (!isKept) await train(job);
    const checkpoint = loadCheckpoint(join(job.out, 'checkpoint.safetensors'));
    const indices = comparedImages(source);
    const grids = new Map<number, SlotGrid>();
    const compared: SlotGrid[] = [];
    await withCheckpointModel(engine, checkpoint, async (model) => {
      const segmenter = await createWholeSegmenter(engine, model);
      for await (const { imageIndex, grid, edges } of segmentWholeImages(segmenter, source, indices)) {
        compared.push(grid);
        grids.set(imageIndex, edges);
      }
      segmenter.dispose();
    });
    return { point, folder, grids, labels: comparedLabels(compared) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`Failed: ${error.message}`);
    return { point, folder, grids: new Map(), failure: error.message };
  }
}

/** Spread over the folder, the same for every run. */
function comparedImages({ count }: ImageSource): number[] {
  return evenly([...Array(count).keys()], EXPLORED_IMAGES);
}

/** What an exploration changes in the settings of a run, for the form of the page. */
function ownSettings({ steps, watchedImages, displayEverySteps, autosaveEverySteps }: Config): Partial<Config> {
  return { steps, watchedImages, displayEverySteps, autosaveEverySteps };
}

/** Trains a few steps to see how many fit. */
async function measuredSteps(engine: Engine, config: Config, images: ImageSource): Promise<number> {
  const trainer = await createTrainer({ engine, config, images });
  try {
    for (let step = 0; step < FIRST_STEPS; step++) await trainer.next({ ahead: true });
    const started = performance.now();
    for (let step = 0; step < MEASURED_STEPS; step++) await trainer.next({ ahead: true });
    const seconds = (performance.now() - started) / 1000;
    const steps = exploreSteps(config, (MEASURED_STEPS * stepGflop(config)) / seconds);
    console.log(`${(MEASURED_STEPS / seconds).toFixed(1)} steps/s on this adapter: ${steps} steps a run.`);
    return steps;
  } finally {
    trainer.dispose();
  }
}

/** One bar over all runs, with the time left from those that were trained. */
function createBar(runs: number): {
  line(done: number, label: string, isKept: boolean): string;
  done(isKept: boolean): void;
} {
  let [trained, seconds, started] = [0, 0, performance.now()];
  return {
    line: (done, label, isKept) => {
      started = performance.now();
      const filled = Math.round((20 * done) / runs);
      const left = trained === 0 ? '' : ` · ETA ${duration((seconds / trained) * (runs - done))}`;
      return `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] run ${done + 1} of ${runs}: ${label}${isKept ? ' (kept)' : left}`;
    },
    done: (isKept) => {
      if (isKept) return;
      trained++;
      seconds += (performance.now() - started) / 1000;
    },
  };
}
