import { openFallback, openWebGpu, type Adapter } from '../gpu/device.ts';
import { unreachable, UserError } from '../lib/errors.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/ops.ts';
import { createDataset } from './dataset.ts';
import { readCheckpoint } from './files.ts';
import { reportTrouble, type Post } from './post.ts';
import type { ToWorker } from './protocol.ts';
import { createRunner } from './runner.ts';

const post: Post = (message, move = []) => self.postMessage(message, { transfer: move });

let engine: Promise<Engine> | undefined;
const dataset = createDataset(post);
const runner = createRunner(post, dataset, () => {
  if (!engine) throw new UserError('worker/not-open', 'The adapter was not opened before the run. Reload the page.');
  return engine;
});

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  handle(data).catch((error: unknown) => reportTrouble(post, error));
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open':
      engine = open(message);
      await engine;
      return;
    case 'readFiles':
      return dataset.readFiles(message);
    case 'readSamples':
      return dataset.readSamples(message);
    case 'cancelReading':
      return dataset.cancel(message.datasetId);
    case 'readMasks':
      return runner.readMasks(message);
    case 'scoreEvery':
      return runner.scoreEvery(message);
    case 'start':
      return runner.start(message);
    case 'pause':
      return runner.pause(message.runId);
    case 'continue':
      return runner.continue(message.runId);
    case 'stop':
      return runner.stop(message.runId);
    case 'setClasses':
      return runner.setClasses(message);
    case 'saveCheckpoint':
      return runner.saveCheckpoint(message);
    case 'readCheckpoint':
      return readCheckpoint(post, message);
    case 'job':
      return runner.jobs.run(message);
    case 'cancelJob':
      return runner.jobs.cancel(message.requestId);
    default:
      return unreachable(message);
  }
}

async function open({ forceBackend, forceEngine }: Extract<ToWorker, { type: 'open' }>): Promise<Engine> {
  // Absent from navigator where the browser has no WebGPU.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  const adapter = (forceBackend ? undefined : await openWebGpu(gpu)) ?? (await openFallback(forceBackend));
  if (adapter.device) watch(adapter.device);
  const opened = createEngine(adapter, forceEngine);
  post({ type: 'opened', adapter: summarize(adapter, opened) });
  return opened;
}

const summarize = ({ backend, description, software }: Adapter, { name }: Engine) => ({
  ...{ backend, description, slow: software, engine: name },
});

/** A lost device takes every tensor with it; only a new worker helps. */
function watch(device: GPUDevice): void {
  void device.lost.then(({ reason, message }) => {
    if (reason === 'destroyed') return;
    const text = 'The graphics device was lost: the driver was reset or another program took it.';
    post({ type: 'trouble', code: 'gpu/lost', message: text, detail: `${reason}: ${message}` });
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    const text = 'The graphics driver refused an operation; results from here on can’t be trusted.';
    post({ type: 'trouble', code: 'gpu/error', message: text, detail: error.message });
  });
}
