import type { Worker } from 'playwright';
import type { Config } from '../config/fields.ts';
import { SMALL_NETWORK } from '../testing/smallNetwork.ts';
import { launchChromium } from './chromium.ts';
import { command, parseOptions, UsageError } from './command.ts';
import { attachToWorker, heapBytes } from './endurance/heaps.ts';
import { crashOften } from './endurance/crashes.ts';
import { listMany, trainOnMany } from './endurance/folder.ts';
import { measureGallery } from './endurance/gallery.ts';
import { mapMany } from './endurance/regions.ts';
import { serve } from '../../scripts/site.mjs';
import { createTrainingPage } from './training/trainingPage.ts';

const USAGE = `Usage: npm run endurance -- [--steps N | --gallery N | --crashes N | --files N | --photographs N | --regions N]
  Trains a small network in the real page for many steps (default 2000) and prints as JSON what it holds at every
  tenth of them: GPU memory and objects of the worker, JavaScript memory of page and worker after a garbage collection,
  and how many tasks of more than 50 ms the main thread had while it trained.
  With --gallery, reads N small images instead, trains two steps, cancels a gallery of prototypes and makes another:
  memory at every tenth of it, its seconds, and the long tasks meanwhile.
  With --crashes, kills the browser's graphics process N times at random moments of runs of the quick preset, and
  compares their records with those of an uninterrupted run.
  With --files, drops a folder of N small images on the page: how long it takes to list them, and what each costs in
  JavaScript memory beside its path.
  With --photographs, drops N photographs of 12 megapixels (copies of one), and trains a small network on them for three
  epochs: how much of a step is spent waiting for data in each; the long tasks and the memory of display copies while
  they are read and 32 of them are shown.
  With --regions, makes the map of the regions of N drawn scenes (about fifteen of each), and does what it offers: seconds
  and the longest task of the main thread of each, memory, and the times between frames while it is moved.`;

const SAMPLES = 10;

/** A small network, so that steps are many, with frequent overlays and automatic checkpoints. */
const SETTINGS: Partial<Config> = {
  ...SMALL_NETWORK,
  displayEverySteps: 25,
  watchedImages: 8,
  autosaveEverySteps: 100,
};

/** Counters of GPU objects in the worker. */
interface GpuCounts {
  /** Not destroyed. */
  buffers: number;
  bytes: number;
  /** Created since counting began. */
  bindGroups: number;
  pipelines: number;
}

interface Sample extends GpuCounts {
  readonly step: number;
  readonly workerHeapBytes: number;
  readonly pageHeapBytes: number;
  /** Durations so far, in ms. */
  readonly longTasks: readonly number[];
}

/** Runs in the worker: counts GPU objects that are created and destroyed from now on. */
function countGpuObjects(): void {
  const counts: GpuCounts = { buffers: 0, bytes: 0, bindGroups: 0, pipelines: 0 };
  const alive = new WeakSet<GPUBuffer>();
  const { createBuffer, createBindGroup, createComputePipelineAsync } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.add(buffer);
    counts.buffers++;
    counts.bytes += buffer.size;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) {
      counts.buffers--;
      counts.bytes -= this.size;
    }
    destroy.call(this);
  };
  GPUDevice.prototype.createBindGroup = function (descriptor) {
    counts.bindGroups++;
    return createBindGroup.call(this, descriptor);
  };
  GPUDevice.prototype.createComputePipelineAsync = function (descriptor) {
    counts.pipelines++;
    return createComputePipelineAsync.call(this, descriptor);
  };
  Object.assign(globalThis, { gpuCounts: counts });
}

async function endure(steps: number): Promise<void> {
  const server = await serve();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const opened = new Promise<Worker>((resolve) => page.once('worker', resolve));
    const training = createTrainingPage(page);
    const adapter = await training.open(server.url);
    const worker = await opened;
    await worker.evaluate(countGpuObjects);
    const session = await page.context().newCDPSession(page);
    const toWorker = await attachToWorker(session);
    await training.set({ ...SETTINGS, steps });
    await training.readImages(undefined);
    await training.start();
    const samples: Sample[] = [];
    const during: number[] = [];
    let { length: seen } = await training.longTasks();
    for (let sample = 1; sample <= SAMPLES; sample++) {
      const { step } = await training.until((state) => state.step >= (sample * steps) / SAMPLES);
      // Without those of sampling: collecting garbage is a long task.
      during.push(...(await training.longTasks()).slice(seen));
      samples.push({
        step,
        longTasks: [...during],
        ...(await worker.evaluate(() => (globalThis as unknown as { gpuCounts: GpuCounts }).gpuCounts)),
        workerHeapBytes: await heapBytes(toWorker),
        pageHeapBytes: await heapBytes((method) => session.send(method as 'Runtime.getHeapUsage')),
      });
      seen = (await training.longTasks()).length;
      console.error(`step ${step} of ${steps}`);
    }
    console.log(
      JSON.stringify({ adapter: adapter.description, date: new Date().toISOString(), samples }, undefined, 2),
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

const MEASURES: Readonly<Record<string, { readonly least: number; measure(count: number): Promise<void> }>> = {
  steps: { least: SAMPLES, measure: endure },
  gallery: { least: SAMPLES, measure: measureGallery },
  crashes: { least: 1, measure: crashOften },
  files: { least: 1000, measure: listMany },
  photographs: { least: 128, measure: trainOnMany },
  regions: { least: 50, measure: mapMany },
};

await command(USAGE, async () => {
  const names = Object.keys(MEASURES);
  const { values } = parseOptions(Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const)));
  const name = names.find((one) => values[one] !== undefined) ?? 'steps';
  const { least, measure } = MEASURES[name];
  const count = Number(values[name] ?? 2000);
  if (!Number.isInteger(count) || count < least) throw new UsageError(`--${name} takes a number from ${least} up.`);
  await measure(count);
});
