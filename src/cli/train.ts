import { join } from 'node:path';
import { PRESET_NAMES } from '../config/presets.ts';
import { parseSweepAxis } from '../config/sweep/sweep.ts';
import { TUNE_MODES } from '../domain/tuneMode.ts';
import { settingsTable } from '../config/usage.ts';
import { loadCheckpoint, openFile } from './checkpointFile.ts';
import { command, oneOf, parseOptions, parseSettings, UsageError } from './command.ts';
import { engineOption } from './engine.ts';
import { voidOption } from './evaluation.ts';
import { checkRunFolder } from './training/runFolder.ts';
import { createJob, type TrainJob } from './training/trainJob.ts';
import { checkExploreFolder } from './training/exploreFolder.ts';
import type { Sweep } from './training/trainSweep.ts';

const USAGE = `Usage: npm run train -- [options]
  --images DIR        folder of images; without it, the built-in sample scenes
  --out DIR           where results go (default runs/<time>); a folder that holds a run is refused, unless --resume FILE
                      continues it from its own checkpoint
  --overwrite         replaces the run in --out
  --preset NAME       ${PRESET_NAMES.join(', ')} (default: what the adapter is good for)
  --steps N           train up to step N of the schedule; beyond its end, the schedule is stretched to N
                      (--set steps=N changes the length of the schedule itself)
  --seed N            same as --set seed=N
  --set key=value     any setting; repeatable
  --resume FILE       continue from a checkpoint, with its settings
  --anew              with --resume: a new run starts from its weights, at step 0 and with a fresh schedule
  --start-from FILE   a new run with the weights of a checkpoint, ours or a published .pth, or of an encoder; settings that
                      they need are changed, and said, unless --set gives them
  --report            also writes report.html: one file with settings, curves, images and slots, to keep or send
  --in browser|node   in the real page (default) or in this process
  --engine compiled|eager  what computes (default compiled, where there is WebGPU)
  --tune off|on|again measures the fastest kernels of this adapter before the first run, at most 5 s, and remembers them
                      (default on, off for software adapters)
  --sweep key=a,b,c   a run for each value, into folders of their own, and a table of the results; given twice,
                      for each combination
  --seeds N           every run of a sweep with N seeds (default 1)
  --explore           short runs of every stop of slots-by, two seeds each, and a contact sheet to choose from:
                      explore.png and explore.json; --steps is the length of a run (default: what fits 2 minutes, at
                      least 100). The same command again continues where it was
  --masks PATH        what a sweep on --images is scored on: a folder of PNGs or a COCO file; the sample scenes have
                      masks of their own
  --void N            with --masks: a mask value that marks unlabeled pixels

${settingsTable()}`;

interface Asked {
  readonly job: TrainJob;
  readonly train: (job: TrainJob) => Promise<void>;
  readonly sweep: Sweep | undefined;
  /** Number of steps of a run, undefined to measure it. */
  readonly explore: { readonly steps: number | undefined } | undefined;
}

/** What trains is imported once the options are right: a refusal waits for none of it. */
async function parse(): Promise<Asked> {
  const { values } = parseOptions({
    images: { type: 'string' },
    masks: { type: 'string' },
    void: { type: 'string' },
    out: { type: 'string' },
    overwrite: { type: 'boolean', default: false },
    preset: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
    set: { type: 'string', multiple: true },
    sweep: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '1' },
    explore: { type: 'boolean', default: false },
    resume: { type: 'string' },
    anew: { type: 'boolean', default: false },
    'start-from': { type: 'string' },
    report: { type: 'boolean', default: false },
    in: { type: 'string', default: 'browser' },
    engine: { type: 'string' },
    tune: { type: 'string' },
  });
  const sweep = parseSweep(values);
  const preset = values.preset === undefined ? undefined : oneOf('--preset', values.preset, PRESET_NAMES);
  const settings = [...(values.set ?? [])];
  if (values.seed !== undefined) settings.push(`seed=${values.seed}`);
  if (!/^([1-9]\d*)?$/.test(values.steps ?? '')) throw new UsageError('--steps takes a whole number, 1 or more.');
  const steps = values.steps === undefined ? undefined : Number(values.steps);
  const until = values.explore ? Infinity : (steps ?? Infinity);
  if (values.explore && (values.sweep ?? values.resume) !== undefined) {
    throw new UsageError('--explore has its own runs, each from scratch: leave out --sweep and --resume.');
  }
  if (values.anew && values.resume === undefined) throw new UsageError('--anew goes with --resume.');
  const startFrom = values['start-from'];
  if (startFrom !== undefined && (values.resume !== undefined || values.explore)) {
    throw new UsageError('--start-from begins a run of its own: leave out --resume and --explore.');
  }
  const resume =
    values.resume === undefined ? undefined : { path: values.resume, checkpoint: loadCheckpoint(values.resume) };
  const start = startFrom === undefined ? undefined : { path: startFrom, opened: openFile(startFrom) };
  const time = new Date().toISOString().replace(/:/g, '-').slice(0, 19);
  const job = createJob({
    images: values.images,
    out: values.out ?? join('runs', time),
    overwrite: values.overwrite,
    report: values.report,
    engine: engineOption(values.engine),
    tune: values.tune === undefined ? undefined : oneOf('--tune', values.tune, TUNE_MODES),
    preset,
    resume,
    anew: values.anew,
    advises: true,
    start,
    until,
    overrides: parseSettings(settings),
  });
  job.config('tiny');
  if (values.explore) checkExploreFolder(job);
  else if (sweep) (await import('./training/trainSweep.ts')).checkSweepFolder(job);
  else checkRunFolder(job);
  const where = oneOf('--in', values.in, ['browser', 'node']);
  return {
    job,
    train:
      where === 'node'
        ? (await import('./training/trainNode.ts')).trainInNode
        : (await import('./training/trainBrowser.ts')).trainInBrowser,
    sweep,
    explore: values.explore ? { steps } : undefined,
  };
}

interface SweepOptions {
  readonly sweep?: string[];
  readonly seeds: string;
  readonly masks?: string;
  readonly void?: string;
  readonly images?: string;
  readonly resume?: string;
}

function parseSweep(values: SweepOptions): Sweep | undefined {
  if (values.masks !== undefined && (values.images === undefined || values.sweep === undefined)) {
    throw new UsageError('--masks goes with --images and --sweep; npm run evaluate scores a single run.');
  }
  const voidValue = voidOption(values.void);
  if (voidValue !== undefined && values.masks === undefined) throw new UsageError('--void goes with --masks.');
  if (!/^[1-9]\d?$/.test(values.seeds)) throw new UsageError('--seeds takes a whole number, 1 to 99.');
  if (values.sweep === undefined) {
    if (values.seeds !== '1') throw new UsageError('--seeds goes with --sweep.');
    return undefined;
  }
  if (values.resume !== undefined) throw new UsageError('--sweep starts every run anew: leave out --resume.');
  const axes = values.sweep.map(parseSweepAxis);
  return { axes, seeds: Number(values.seeds), labeled: { images: values.images, masks: values.masks, voidValue } };
}

await command(USAGE, async () => {
  const { job, train, sweep, explore } = await parse();
  if (explore) await (await import('./training/trainExplore.ts')).trainExplore(job, explore.steps, train);
  else if (sweep) await (await import('./training/trainSweep.ts')).trainSweep(job, sweep, train);
  else await train(job);
});
