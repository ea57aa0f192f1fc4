import { totalmem } from 'node:os';
import { writeCheckpoint } from '../../checkpoint/checkpoint.ts';
import type { OpenedFile } from '../../checkpoint/openFile.ts';
import { proposedPreset } from '../../config/presets.ts';
import { configWarnings } from '../../config/warnings.ts';
import { errorMessage } from '../../lib/errors.ts';
import { kernelNotes } from '../../ops/tuning/tuning.ts';
import { planRun } from '../../trainer/runMemory.ts';
import { createTrainingLoop } from '../../trainer/trainingLoop.ts';
import { createTrainer } from '../../trainer/trainer.ts';
import { beginFrom } from '../../worker/files/openedFiles.ts';
import { openEngine } from '../engine.ts';
import { showMemory, showNotes, showPreparing, showProgress } from './progress.ts';
import { createRunFolder } from './runFolder.ts';
import { showAdvice } from './runSummary.ts';
import { readImages } from './trainingImages.ts';
import { showStartChanges, type TrainJob } from './trainJob.ts';
import { tuneInNode } from './tuneInNode.ts';

/** Trains in this process on Dawn, with the same trainer as the page. */
export async function trainInNode(job: TrainJob): Promise<void> {
  const { adapter, engine } = await openEngine(job.engine);
  console.log(`Adapter: ${adapter.description} (${adapter.backend}, ${engine.name} engine, in node)`);
  const preset = proposedPreset(adapter.software);
  if (!job.preset && !job.resume)
    console.log(`Preset "${preset}", proposed for this adapter; --preset chooses another.`);
  const { source, skipped, notes, different } = await readImages(job.images, job.config(preset).workingSize);
  showNotes(notes);
  const config = job.config(preset, source.count);
  for (const warning of configWarnings(config)) console.warn(`Warning: ${warning}`);
  showStartChanges(job, preset, config);
  const memory = await planRun(engine, config);
  if (memory) showMemory(memory, totalmem());
  const opened: OpenedFile | undefined =
    job.start?.opened ?? (job.resume && { kind: 'checkpoint', checkpoint: job.resume.checkpoint });
  const origin = opened && beginFrom(opened, config, source, job.anew || job.start !== undefined);
  await tuneInNode(job.tune, adapter, engine);
  const differences = origin ? [...origin.notes, ...kernelNotes(engine, origin.checkpoint.kernels)] : [];
  for (const note of differences) console.warn(`Warning: ${note}`);
  const trainer = await createTrainer({
    engine,
    config,
    images: source,
    onProgress: (fraction) => showPreparing(fraction),
    ...(origin && { resume: origin.checkpoint }),
  });
  const folder = createRunFolder(job, config);
  const drawings: Promise<void>[] = [];
  const started = performance.now();
  const run = createTrainingLoop(
    trainer,
    {
      step: (record, _, timing) => {
        folder.step(record);
        showProgress(record, Math.min(job.until, trainer.totalSteps), timing);
      },
      overlays: (step, { overlays, health }) => void drawings.push(folder.overlays(step, overlays, health)),
      paused: () => undefined,
      continued: () => undefined,
      autosave: (checkpoint) => folder.checkpoint(writeCheckpoint(checkpoint)),
    },
    () => performance.now(),
    { until: job.until },
  );
  // Ctrl+C ends the run after the current step, and its results are written. A second one ends the process.
  process.once('SIGINT', run.stop);
  let failure: Error | undefined;
  const outcome = await run.train().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(errorMessage(error));
    return 'failed' as const;
  });
  process.off('SIGINT', run.stop);
  folder.checkpoint(writeCheckpoint(await run.runExclusive(trainer.checkpoint)));
  await Promise.all(drawings);
  const seconds = (performance.now() - started) / 1000;
  const advice = await folder.finish({
    config,
    where: 'node',
    engine: engine.name,
    adapter: adapter.description,
    skipped,
    outcome,
    seconds,
    images: { name: source.name, count: source.count, different },
    steps: trainer.step(),
    totalSteps: trainer.totalSteps,
    hostBytesPerStep: trainer.hostBytesPerStep(),
  });
  trainer.dispose();
  console.log(`${outcome} at step ${trainer.step()} after ${seconds.toFixed(1)} s; results in ${folder.path}`);
  if (job.advises) showAdvice(advice, folder.path);
  if (failure) throw failure;
}
