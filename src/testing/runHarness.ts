import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { createSerialQueue } from '../lib/async/serialQueue.ts';
import type { Engine } from '../ops/engine.ts';
import type { Trainer } from '../trainer/trainer.ts';
import { writeCheckpointFile } from '../worker/files/checkpointFiles.ts';
import type { WorkerEvent } from '../worker/events.ts';
import { createRunController } from '../worker/runController.ts';
import { randomCheckpoint } from './checkpoints.ts';

/** Number of steps of the runs. */
export const STEPS = 3;
export const runConfig = makeConfig(presetConfig('tiny'), {
  steps: STEPS,
  displayEverySteps: 100,
  autosaveEverySteps: 1,
  width: 1 / 16,
  hiddenDim: 8,
  outDim: 8,
  prototypes: 4,
  cropSize: 32,
  batchSize: 4,
});
const RECORD: StepRecord = {
  step: 0,
  loss: 1,
  lossGroup: 1,
  lossSlot: 1,
  lr: 1,
  teacherMomentum: 1,
  activeSlots: 4,
  assignmentEntropy: 0.4,
  meanAssignmentEntropy: 0.9,
  agreement: 0.7,
  featureCosine: 0.5,
  biasRatio: 0.1,
  usedPrototypes: 4,
  usage: [0.5, 0.5],
};

/**
 * Run controller whose every wait is a gate: `pass` is called with its name, and the wait lasts until the returned promise
 * resolves. Trainers only count steps; the device is lost once, in step `loseAt`.
 */
export function runHarness(pass: (gate: string) => Promise<void>, loseAt?: number) {
  const events: WorkerEvent[] = [];
  let pause = (): void => undefined;
  const paused = new Promise<void>((resolve) => (pause = resolve));
  const classes: PrototypeClasses[] = [];
  let isLost = false;
  let hasBeenLost = false;
  const createTrainer = async ({ resume }: { resume?: Checkpoint }): Promise<Trainer> => {
    await pass('compile');
    let step = resume?.position.step ?? 0;
    return {
      config: runConfig,
      model: {},
      totalSteps: STEPS,
      step: () => step,
      dataWaitMs: () => 0,
      hostBytesPerStep: () => undefined,
      next: async () => {
        if (step + 1 === loseAt && !hasBeenLost) {
          hasBeenLost = isLost = true;
          await pass('step lost');
          throw new Error('device lost');
        }
        step++;
        return { ...RECORD, step };
      },
      settle: async () => undefined,
      overlays: async () => ({ overlays: [], health: { measures: {}, lines: [] } }),
      checkpoint: async () => ({ ...randomCheckpoint(runConfig), position: { step, epoch: 0, batch: step } }),
      setClasses: (next: PrototypeClasses) => void classes.push(next),
      dispose: () => pass('discard'),
    } as unknown as Trainer;
  };
  let now = 0;
  const controller = createRunController({
    post: (event) => {
      events.push(event);
      if (event.type === 'paused') pause();
    },
    images: {
      source: async () => {
        await pass('images');
        return sampleScenes(5, 0);
      },
    },
    device: {
      tunedEngine: async () => {
        await pass('device');
        isLost = false;
        return {} as Engine;
      },
      isLost: async () => {
        await pass('loss');
        return isLost;
      },
    },
    createTrainer: createTrainer,
    clock: () => (now += 1),
    builds: createSerialQueue(),
    liveScores: { isDue: () => false, score: async () => undefined },
  });
  const file = writeCheckpointFile({ ...randomCheckpoint(runConfig), position: { step: 1, epoch: 0, batch: 1 } });
  const resume = new Blob([file.source]);
  const bytes = resume.arrayBuffer.bind(resume);
  resume.arrayBuffer = async () => {
    await pass('file');
    return bytes();
  };
  const typesOf = (runId: number): string[] =>
    events.flatMap((event) =>
      'runId' in event && event.runId === runId && !['preparing', 'recovering', 'autosaved'].includes(event.type)
        ? [event.type === 'ended' ? `${event.type} ${event.reason} ${event.step}` : event.type]
        : [],
    );
  return { controller, classes, resume, paused, typesOf };
}
