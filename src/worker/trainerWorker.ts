import { unreachable } from '../lib/errors.ts';
import { createSerialQueue } from '../lib/async/serialQueue.ts';
import { planRun } from '../trainer/runMemory.ts';
import { createTrainer } from '../trainer/trainer.ts';
import type { FromWorker, ToWorker } from './client.ts';
import type { Command } from './commands.ts';
import type { Device } from './device.ts';
import type { ImageSet } from './imageSet.ts';
import { createJobs } from './jobs.ts';
import { createPageFiles } from './jobs/pageFiles.ts';
import type { OpenRegionFile } from './jobs/regions.ts';
import { createModelLender } from './lendModel.ts';
import { createMasks } from './masks.ts';
import { errorReport } from './post.ts';
import { createRequestHandler, type Handlers } from './requestHandler.ts';
import { createLiveScores } from './run/liveScores.ts';
import { createRunController } from './runController.ts';
import { createPictureSegmenter } from './jobs/segmentPicture.ts';

export interface TrainerWorkerPorts {
  readonly post: (message: FromWorker, move?: Transferable[]) => void;
  readonly images: ImageSet;
  readonly device: Device;
  readonly openRegionFile: OpenRegionFile;
}

/** Handles every message of the page. Resolves when the work that the message caused is done; never rejects. */
export function createTrainerWorker({
  post,
  images,
  device,
  openRegionFile,
}: TrainerWorkerPorts): (message: ToWorker) => Promise<void> {
  const builds = createSerialQueue();
  const masks = createMasks();
  const files = createPageFiles(post);
  const liveScores = createLiveScores(masks);
  const clock = (): number => performance.now();
  const runs = createRunController({ post, images, device, createTrainer, clock, builds, liveScores });
  const lendModel = createModelLender({ images, device, builds, run: runs.current });
  const handlers: Handlers = {
    open: device.open,
    planRun: async ({ config }, { signal }) => planRun(await device.engine(), config, signal),
    saveCheckpoint: runs.saveCheckpoint,
    readCheckpoint: async (input) => (await import('./files/openedFiles.ts')).inspectCheckpoint(input),
    readMasks: async ({ files }) => {
      masks.set(files);
      const source = await images.source();
      const { count, how } = await masks.match(source);
      return { masked: count, images: source.count, how };
    },
    scoreEvery: liveScores.scoreEvery,
    ...createJobs({
      masks,
      lendModel,
      files,
      segmentPicture: createPictureSegmenter({ device, builds, run: runs.current }),
      openRegionFile,
    }),
  };
  const handleRequest = createRequestHandler(handlers, post);

  const handleCommand = async (command: Command): Promise<void> => {
    switch (command.type) {
      case 'readFiles':
        return images.readFiles(command);
      case 'files': {
        images.files(command);
        return;
      }
      case 'photograph': {
        files.receive(command);
        return;
      }
      case 'readSamples':
        return images.readSamples(command);
      case 'cancelReading': {
        images.cancel(command.datasetId);
        return;
      }
      case 'start':
        return runs.start(command);
      case 'pause':
      case 'continue':
      case 'stop': {
        runs.command(command.runId, command.type);
        return;
      }
      case 'setClasses': {
        runs.setClasses(command.runId, command.classes);
        return;
      }
      case 'autosave':
        return runs.autosave();
      default:
        return unreachable(command);
    }
  };
  return (message) => {
    if (message.type === 'request' || message.type === 'abort') return handleRequest(message);
    return handleCommand(message).catch((error: unknown) => post({ type: 'notice', error: errorReport(error) }));
  };
}
