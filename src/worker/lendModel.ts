import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { UserError } from '../lib/errors.ts';
import type { SerialQueue } from '../lib/async/serialQueue.ts';
import type { Device } from './device.ts';
import type { ImageSet } from './imageSet.ts';
import type { Frozen } from './jobs/job.ts';
import type { LiveRun } from './run/buildRun.ts';

/**
 * Lends the model of a checkpoint, or that of the run, which trains no further meanwhile. `onWait` is awaited when the
 * queue reaches it, before anything is opened.
 */
export type LendModel = <Result>(
  checkpoint: Blob | undefined,
  use: (frozen: Frozen) => Promise<Result>,
  onWait: () => Promise<void>,
) => Promise<Result>;

export interface ModelLenderPorts {
  readonly images: Pick<ImageSet, 'source'>;
  readonly device: Pick<Device, 'engine'>;
  /** Shared with runs: one model at a time is built on the engine. */
  readonly builds: SerialQueue;
  run(): LiveRun | undefined;
}

export function createModelLender({ images, device, builds, run }: ModelLenderPorts): LendModel {
  return (file, use, onWait) => {
    const lendFile = async (source: Blob) => {
      await onWait();
      const checkpoint = await openModelFile(source);
      const [engine, imageSource] = [await device.engine(), await images.source()];
      const { step } = checkpoint.position;
      return withCheckpointModel(engine, checkpoint, (model) => use({ engine, model, step, images: imageSource }));
    };
    const lendRun = async ({ trainer }: LiveRun) => {
      await onWait();
      const engine = await device.engine();
      return use({ engine, model: trainer.model, step: trainer.step(), images: trainer.images });
    };
    return builds.run(() => {
      const current = run();
      if (file) return current ? current.loop.runExclusive(() => lendFile(file)) : lendFile(file);
      if (!current) throw new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.');
      return current.loop.runExclusive(() => lendRun(current));
    });
  };
}

/** Opens a file with a whole model; throws `checkpoint/encoder-only` for an encoder. */
export async function openModelFile(source: Blob): Promise<Checkpoint> {
  const { openBlob } = await import('./files/openedFiles.ts');
  const opened = await openBlob(source);
  if (opened.kind === 'backbone') {
    throw new UserError('checkpoint/encoder-only', 'An encoder alone has no prototypes to show: train it first.');
  }
  return opened.checkpoint;
}
