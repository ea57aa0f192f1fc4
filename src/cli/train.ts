import { join } from 'node:path';
import { makeConfig } from '../config/parse.ts';
import { PRESET_NAMES, presetConfig } from '../config/presets.ts';
import { settingsTable } from '../config/usage.ts';
import { ENGINE_NAMES } from '../ops/createEngine.ts';
import { loadCheckpoint } from './checkpointFile.ts';
import { command, oneOf, parseOptions, parseSettings, UsageError } from './command.ts';
import { trainInBrowser } from './trainBrowser.ts';
import type { TrainJob } from './trainJob.ts';
import { trainInNode } from './trainNode.ts';

const USAGE = `Usage: npm run train -- [options]
  --images DIR        folder of images; without it, the built-in sample scenes
  --out DIR           where results go (default runs/<time>)
  --preset NAME       ${PRESET_NAMES.join(', ')} (default: what the adapter is good for)
  --steps N           train up to step N of the schedule; beyond its end, the schedule is stretched to N
                      (--set steps=N changes the length of the schedule itself)
  --seed N            same as --set seed=N
  --set key=value     any setting, as often as needed
  --resume FILE       continue from a checkpoint, with its settings
  --in browser|node   in the real page (default) or in this process
  --engine compiled|eager  what computes (default compiled, where there is WebGPU)

${settingsTable()}`;

function parseJob(): { job: TrainJob; where: 'browser' | 'node' } {
  const { values } = parseOptions({
    images: { type: 'string' },
    out: { type: 'string' },
    preset: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
    set: { type: 'string', multiple: true },
    resume: { type: 'string' },
    in: { type: 'string', default: 'browser' },
    engine: { type: 'string', default: 'compiled' },
  });
  const preset = values.preset === undefined ? undefined : oneOf('--preset', values.preset, PRESET_NAMES);
  const settings = [...(values.set ?? [])];
  if (values.seed !== undefined) settings.push(`seed=${values.seed}`);
  const overrides = parseSettings(settings);
  if (!/^([1-9]\d*)?$/.test(values.steps ?? '')) throw new UsageError('--steps takes a whole number, 1 or more.');
  const until = values.steps === undefined ? Infinity : Number(values.steps);
  const resume =
    values.resume === undefined ? undefined : { path: values.resume, checkpoint: loadCheckpoint(values.resume) };
  const time = new Date().toISOString().replace(/:/g, '-').slice(0, 19);
  const job: TrainJob = {
    images: values.images,
    out: values.out ?? join('runs', time),
    engine: oneOf('--engine', values.engine, ENGINE_NAMES),
    preset,
    overrides,
    resume,
    until,
    config: (proposed) => {
      const config = makeConfig(resume?.checkpoint.config ?? presetConfig(preset ?? proposed), overrides);
      // A length that comes from the epochs depends on the images; it is left as it is.
      const stretched = config.steps > 0 && Number.isFinite(until) && until > config.steps;
      return stretched ? makeConfig(config, { steps: until }) : config;
    },
  };
  job.config('tiny');
  return { job, where: oneOf('--in', values.in, ['browser', 'node']) };
}

await command(USAGE, async () => {
  const { job, where } = parseJob();
  await (where === 'node' ? trainInNode(job) : trainInBrowser(job));
});
