import { readdirSync, readFileSync } from 'node:fs';
import { stepImages } from '../../config/batchSize.ts';
import { configWarnings } from '../../config/warnings.ts';
import { FIELD_NAMES, type Config } from '../../config/fields.ts';
import { presetConfig, type PresetName } from '../../config/presets.ts';
import { differing, pick } from '../../config/starts/startSettings.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { PageSnapshot } from '../../state/pageApi.ts';
import { launchChromium } from '../chromium.ts';
import { showImages, showNotes, showProgress } from './progress.ts';
import { createRunFolder, type RunFolder } from './runFolder.ts';
import { showAdvice } from './runSummary.ts';
import { serve } from '../../../scripts/site.mjs';
import { showStartChanges, type TrainJob } from './trainJob.ts';
import { createTrainingPage, type TrainingPage } from './trainingPage.ts';

/** Trains in the real page in a headless Chromium, through its controls. */
export async function trainInBrowser(job: TrainJob): Promise<void> {
  if (job.images !== undefined) checkFolder(job.images);
  // Ctrl+C ends the run after the current step, and its results are written. A second one ends the process.
  let interrupt = (): void => {
    process.exit(130);
  };
  const onInterrupt = (): void => {
    interrupt();
  };
  process.once('SIGINT', onInterrupt);
  const server = await serve();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
    const failed = new Promise<never>((_, fail) => {
      page.on('crash', () => {
        fail(new UserError('page/crashed', 'The page crashed, perhaps for lack of memory.'));
      });
      page.on('pageerror', (error) => {
        fail(new Error(`An error in the page: ${error.stack ?? error.message}`));
      });
    });
    const training = createTrainingPage(page);
    interrupt = () => void training.stop().catch(() => process.exit(130));
    await Promise.race([failed, train(job, training, server.url)]);
  } finally {
    process.off('SIGINT', onInterrupt);
    await browser.close();
    await server.close();
  }
}

/** Checked here because browsers don't report a folder without files to the page. */
function checkFolder(path: string): void {
  let files: boolean;
  try {
    files = readdirSync(path, { recursive: true, withFileTypes: true }).some((entry) => !entry.isDirectory());
  } catch (thrown) {
    const remedy = 'Check that it is a folder, its spelling and its permissions.';
    throw new UserError('dataset/unreadable', `"${path}" can't be read (${errorMessage(thrown)}). ${remedy}`);
  }
  if (!files) throw new UserError('dataset/empty', `"${path}" holds no images. Choose a folder with images in it.`);
}

async function train(job: TrainJob, page: TrainingPage, url: string): Promise<void> {
  const choices = new URLSearchParams({
    ...(job.engine === 'eager' && { engine: job.engine }),
    ...(job.tune && { tune: job.tune }),
  });
  const adapter = await page.open(choices.size > 0 ? `${url}?${choices}` : url);
  console.log(`Adapter: ${adapter.description} (${adapter.backend}, in Chromium)`);
  const preset = await chooseStart(job, page);
  await fillForm(job, page, preset, job.config(preset));
  const { images } = await page.readImages(job.images);
  const skipped = await page.skippedFiles();
  if (job.images !== undefined) showImages(images.name, images.usable, skipped);
  showNotes(images.notes);
  const config = job.config(preset, images.usable);
  if (job.start) await fillForm(job, page, preset, config);
  for (const warning of configWarnings(config)) console.warn(`Warning: ${warning}`);
  showStartChanges(job, preset, config);
  if (Number.isFinite(job.until)) await page.stopAfter(job.until);

  const started = performance.now();
  const first = await page.start();
  for (const note of first.notes) console.warn(`Warning: ${note}`);
  const different = FIELD_NAMES.find((name) => first.config?.[name] !== config[name]);
  if (different) throw new Error(`The page took "${different}" as ${String(first.config?.[different])}.`);
  const folder = createRunFolder(job, config);
  const { last, failure } = await follow(page, folder, first, { until: job.until, perStep: stepImages(config) });
  if (last.endReason !== 'lost') await saveCheckpoint(page, folder);
  const seconds = (performance.now() - started) / 1000;
  const outcome = last.endReason ?? 'failed';
  const advice = await folder.finish({
    config,
    where: 'browser',
    engine: adapter.engine,
    adapter: adapter.description,
    images: { name: images.name, count: images.usable, different: images.different ?? images.usable },
    skipped,
    steps: last.step,
    totalSteps: last.totalSteps,
    outcome,
    seconds,
    hostBytesPerStep: last.timing.hostBytesPerStep,
  });
  console.log(`${outcome} at step ${last.step} after ${seconds.toFixed(1)} s; results in ${folder.path}`);
  if (job.advises) showAdvice(advice, folder.path);
  if (failure) throw failure;
}

/** Chooses preset and file before the images are read: their working size is a setting. */
async function chooseStart(job: TrainJob, page: TrainingPage): Promise<PresetName> {
  if (job.resume) {
    await page.loadCheckpoint(job.resume.path);
    if (job.anew) await page.startAnew();
  } else if (job.preset) await page.choosePreset(job.preset);
  const preset = await page.preset();
  if (job.start) await page.startFrom(job.start.path);
  if (!job.preset && !job.resume)
    console.log(`Preset "${preset}", proposed for this adapter; --preset chooses another.`);
  return preset;
}

/** Fills in the settings that are given, or that follow from the file; `job.until` may exceed the preset's number of steps. */
async function fillForm(job: TrainJob, page: TrainingPage, preset: PresetName, config: Config): Promise<void> {
  const ofStart = job.start ? pick(config, differing(config, presetConfig(preset))) : {};
  // A new run from weights proposes rates of its own for the encoder.
  const ofRates = job.anew || job.start ? pick(config, ['encoderLrFactor', 'freezeEncoderSteps']) : {};
  await page.set({ ...job.overrides, ...ofStart, ...ofRates, steps: config.steps });
}

/** Writes records, overlays and checkpoints until the run ends. Stops a run that reports an error and doesn't end. */
async function follow(
  page: TrainingPage,
  folder: RunFolder,
  first: PageSnapshot,
  { until, perStep }: { readonly until: number; readonly perStep: number },
): Promise<{ last: PageSnapshot; failure: UserError | undefined }> {
  const drawn = new Set<number>();
  let step = first.step;
  let autosaved: number | undefined;
  let failure: UserError | undefined;
  for (let now = first; ;) {
    for (const record of await page.recordsAfter(step)) {
      folder.step(record);
      const lastStep = Math.min(until, now.totalSteps);
      const { imagesPerSecond } = now.timing;
      const etaSeconds = ((lastStep - record.step) * perStep) / imagesPerSecond;
      showProgress(record, lastStep, { imagesPerSecond, etaSeconds });
      step = record.step;
    }
    for (const at of now.snapshotSteps.filter((one) => !drawn.has(one))) {
      drawn.add(at);
      const [overlays, health] = [await page.overlaysAt(at), await page.healthAt(at)];
      // Undefined where the page has dropped the snapshot meanwhile.
      if (health) await folder.overlays(at, overlays, health);
    }
    if (now.status === 'ended') return { last: now, failure };
    if (now.autosavedStep !== autosaved) await saveCheckpoint(page, folder);
    autosaved = now.autosavedStep;
    try {
      now = await page.until((state) => {
        const news = state.step !== step || state.snapshotSteps.some((one) => !drawn.has(one));
        return news || state.status === 'ended' || state.autosavedStep !== autosaved;
      });
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      failure ??= thrown;
      now = await page.state();
      // Most errors end the run by themselves, and the button may be gone by now.
      if (now.status !== 'ended') await page.stop().catch(() => undefined);
    }
  }
}

async function saveCheckpoint(page: TrainingPage, folder: RunFolder): Promise<void> {
  const download = await page.downloadCheckpoint();
  folder.checkpoint(readFileSync(await download.path()));
}
