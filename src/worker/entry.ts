import { unreachable } from '../lib/errors.ts';
import { createOverflowFile } from '../data/workingCopies/overflow.browser.ts';
import { createImageSet } from './imageSet.ts';
import { createDecoders } from './decode/decoders.ts';
import { createDevice } from './device.ts';
import { inspectCheckpoint } from './checkpointFiles.ts';
import { reportError, type Post } from './post.ts';
import type { ToWorker } from './protocol.ts';
import { createRunController } from './runController.ts';

const post: Post = (message, move = []) => self.postMessage(message, { transfer: move });

// Absent from navigator where the browser has no WebGPU.
const device = createDevice(post, (navigator as { gpu?: GPU }).gpu);
const spawnDecoder = (): Worker => new Worker(new URL('./decode/entry.ts', import.meta.url), { type: 'module' });
const dataset = createImageSet(post, {
  // Nothing else is done while a folder is read; big pictures take some hundred megabytes each.
  createDecoders: () => createDecoders(Math.min(6, navigator.hardwareConcurrency), spawnDecoder),
  openOverflow: () => createOverflowFile(navigator),
});
const runner = createRunController(post, dataset, device);

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  handle(data).catch((error: unknown) => reportError(post, error));
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open':
      return device.open(message);
    case 'readFiles':
      return dataset.readFiles(message);
    case 'files':
      return dataset.files(message);
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
    case 'autosave':
      return runner.autosave();
    case 'saveCheckpoint':
      return runner.saveCheckpoint(message);
    case 'readCheckpoint':
      return inspectCheckpoint(post, message);
    case 'job':
      return runner.jobs.run(message);
    case 'cancelJob':
      return runner.jobs.cancel(message.requestId);
    default:
      return unreachable(message);
  }
}
