import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { Config } from '../../config/fields.ts';
import type { Engine } from '../../ops/engine.ts';
import { kernelNotes } from '../../ops/tuning/tuning.ts';
import type { createTrainer, Trainer } from '../../trainer/trainer.ts';
import type { TrainingLoop, TrainingLoopEvents } from '../../trainer/trainingLoop.ts';
import { writeCheckpointFile } from '../files/checkpointFiles.ts';
import type { ImageSource } from '../../domain/images.ts';
import type { RunOrigin } from '../files/openedFiles.ts';
import type { CommandOf } from '../commands.ts';
import type { Device } from '../device.ts';
import type { ImageSet } from '../imageSet.ts';
import type { Post } from '../post.ts';
import type { Recovery, Restart } from './recovery.ts';

/** A run whose model is on the device: training, paused or ended. */
export interface LiveRun {
  readonly runId: number;
  readonly trainer: Trainer;
  readonly loop: TrainingLoop;
  readonly recovery: Recovery;
}

export interface BuildPorts {
  readonly post: Post;
  readonly images: Pick<ImageSet, 'source'>;
  readonly device: Pick<Device, 'tunedEngine' | 'isLost'>;
  readonly createTrainer: typeof createTrainer;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** A run to build: for the first time, or again after an interruption. */
export interface BuildOrder {
  readonly start: CommandOf<'start'>;
  readonly restart: Restart | undefined;
  readonly hasStarted: boolean;
}

export interface BuiltTrainer {
  readonly engine: Engine;
  readonly trainer: Trainer;
  readonly config: Config;
  readonly notes: readonly string[];
  readonly imageCount: number;
}

/** Fraction of the progress bar that is full when the kernels are compiled. */
const BEFORE_KERNELS = 0.1;

/** Waits for the images, opens what the run starts from, and compiles its training step. */
export async function buildTrainer(ports: BuildPorts, order: BuildOrder): Promise<BuiltTrainer> {
  const { post, images, device, createTrainer, clock } = ports;
  const { start, restart, hasStarted } = order;
  const { runId, resume } = start;
  const config = restart?.config ?? start.config;
  const report = (phase: string, fraction: number): void =>
    post(
      hasStarted
        ? { type: 'recovering', runId, phase: restart?.phase ?? phase, fraction }
        : { type: 'preparing', runId, phase, fraction },
    );
  report('Waiting for the images', 0);
  const source = await images.source();
  report('Building the model', BEFORE_KERNELS / 2);
  const origin = restart?.checkpoint
    ? { checkpoint: restart.checkpoint, notes: [] }
    : resume && (await originOf(resume, config, source, start.anew));
  const engine = await device.tunedEngine((fraction) =>
    report('Measuring the fastest kernels', BEFORE_KERNELS * fraction),
  );
  const trainer = await createTrainer({
    engine,
    config,
    images: source,
    clock,
    ...(origin ? { resume: origin.checkpoint } : {}),
    onProgress: (fraction) => report('Compiling kernels', BEFORE_KERNELS + (1 - BEFORE_KERNELS) * fraction),
  });
  const notes = origin ? [...origin.notes, ...kernelNotes(engine, origin.checkpoint.kernels)] : [];
  return { engine, trainer, config, notes, imageCount: source.count };
}

async function originOf(
  file: Blob,
  config: Config,
  images: Pick<ImageSource, 'name' | 'fingerprint'>,
  anew?: boolean,
): Promise<RunOrigin> {
  const { beginFrom, openBlob } = await import('../files/openedFiles.ts');
  return beginFrom(await openBlob(file), config, images, anew);
}

/** Frees a run. On a lost device there is nothing left to be freed, and trying may fail. */
export async function discardRun({ loop, trainer }: LiveRun): Promise<void> {
  await loop.runExclusive(async () => trainer.dispose()).catch(() => undefined);
}

/** Returns the state of a run. On a lost device the model is gone, but what was saved of it may be as far. */
export async function checkpointOf(
  { trainer, recovery }: LiveRun,
  device: Pick<Device, 'isLost'>,
): Promise<Checkpoint> {
  try {
    return await trainer.checkpoint();
  } catch (error) {
    const saved = recovery.latest();
    if (saved?.position.step !== trainer.step() || !(await device.isLost())) throw error;
    return saved;
  }
}

/** Posts what a training loop reports. */
export function postingEvents(post: Post, runId: number): TrainingLoopEvents {
  return {
    step: (record, verdict, timing) => post({ type: 'step', runId, record, verdict, timing }),
    overlays: (step, watched) => post({ type: 'overlays', runId, step, ...watched }),
    paused: (step) => post({ type: 'paused', runId, step }),
    continued: (step) => post({ type: 'continued', runId, step }),
    autosave: (checkpoint) => {
      const { step } = checkpoint.position;
      post({ type: 'autosaved', runId, step, ...writeCheckpointFile(checkpoint) });
    },
  };
}
