import { createOverflowFile } from '../data/workingCopies/overflow.browser.ts';
import type { ToWorker } from './client.ts';
import { nameByWebGl } from '../gpu/rendererName.browser.ts';
import { createDecoders } from './decode/decoders.ts';
import { createDevice } from './device.ts';
import { createImageSet } from './imageSet.ts';
import { createTrainerWorker, type TrainerWorkerPorts } from './trainerWorker.ts';

const post: TrainerWorkerPorts['post'] = (message, move = []) => self.postMessage(message, { transfer: move });
const spawnDecoder = (): Worker => new Worker(new URL('./decode/entry.ts', import.meta.url), { type: 'module' });

const handle = createTrainerWorker({
  post,
  device: createDevice(post, navigator, { otherName: nameByWebGl, version: self.location.href }),
  images: createImageSet(post, {
    // Nothing else is done while a folder is read; big images take some hundred megabytes each.
    createDecoders: () => createDecoders(Math.min(6, navigator.hardwareConcurrency), spawnDecoder),
    openOverflow: () => createOverflowFile(navigator),
  }),
  // Loaded when wanted.
  openRegionFile: async (name) =>
    (await import('./regions/keptFile.browser.ts')).openKeptFile(() => navigator.storage.getDirectory(), name),
});
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => void handle(data));
