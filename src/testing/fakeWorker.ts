import { presetConfig } from '../config/presets.ts';
import type { Overlay } from '../domain/reports.ts';
import type { FileFormat, FromWorker, ToWorker } from '../worker/protocol.ts';
import { fakeHealth, fakeRecord, fakeVerdict, scene, FAKE_SCENE_SIZE } from './fakeRun.ts';

/** Plays the worker's part of the protocol with made-up numbers, so that the page can be tried without training. */
export interface FakeTrainer {
  receive(message: ToWorker): void;
}

type Post = (message: FromWorker) => void;
type Later = (milliseconds: number, callback: () => void) => void;

const STEP_MS = 60;
const FORMATS: readonly FileFormat[] = ['safetensors', 'slotcon-pth'].map((id) => {
  return { id, label: id, purpose: `for ${id}`, size: 1000 };
});

export function createFakeTrainer(post: Post, later: Later): FakeTrainer {
  let paths: string[] = [];
  let names: string[] = [];
  let config = presetConfig('tiny');
  let runId = -1;
  let step = 0;
  let mode: 'preparing' | 'training' | 'paused' | 'ended' = 'ended';

  const read = (datasetId: number, names: readonly string[]): void => {
    paths = [];
    names.forEach((path, index) =>
      later(15 * index, () => {
        if (/\.(txt|md|json)$/.test(path)) {
          const detail = 'The file holds text, whatever its name says.';
          post({ type: 'imageSkipped', datasetId, file: { path, reason: 'not-an-image', detail } });
        } else {
          const { rgb } = scene(paths.length, 0, 16);
          const data = new Uint8ClampedArray(FAKE_SCENE_SIZE * FAKE_SCENE_SIZE * 4).fill(255);
          for (let at = 0; at < FAKE_SCENE_SIZE * FAKE_SCENE_SIZE; at++)
            data.set(rgb.subarray(3 * at, 3 * at + 3), 4 * at);
          const thumbnail = { width: FAKE_SCENE_SIZE, height: FAKE_SCENE_SIZE, data };
          post({ type: 'imageRead', datasetId, index: paths.length, path, width: 640, height: 480, thumbnail });
          paths.push(path);
        }
        post({ type: 'reading', datasetId, done: index + 1, usable: paths.length });
        if (index + 1 === names.length) {
          const usable = paths.length;
          post({ type: 'readDone', datasetId, usable, skipped: names.length - usable, canceled: false });
        }
      }),
    );
  };
  const drawn = (at: number): Overlay[] =>
    paths.slice(0, config.watchedImages).map((path, imageIndex) => {
      return {
        imageIndex,
        path,
        size: FAKE_SCENE_SIZE,
        ...scene(imageIndex, Math.min(1, at / 120), config.prototypes),
      };
    });
  const overlays = (): void => post({ type: 'overlays', runId, step, overlays: drawn(step), health: fakeHealth(step) });
  /** Exports of masks that are wanted. */
  const segmenting = new Set<number>();
  const segment = (requestId: number, done = 0): void => {
    if (done === 0) segmenting.add(requestId);
    if (!segmenting.has(requestId)) return;
    const images = paths.length;
    const doing = `Segmenting: ${done} of ${images} images`;
    post({ type: 'jobProgress', requestId, doing, fraction: done / images });
    if (done < images) return later(50, () => segment(requestId, done + 1));
    const source = new Blob(['masks']);
    const result = { kind: 'exportMasks', fileName: `slotcon-step${step}-masks.zip`, source, images } as const;
    post({ type: 'jobDone', requestId, result });
  };
  const advance = (): void => {
    if (mode !== 'training') return;
    step++;
    const record = fakeRecord(step, config);
    const etaSeconds = ((config.steps - step) * STEP_MS) / 1000;
    post({
      type: 'step',
      runId,
      record,
      verdict: fakeVerdict(record),
      timing: { stepMs: STEP_MS, imagesPerSecond: (1000 * config.batchSize) / STEP_MS, etaSeconds, dataWaitShare: 0 },
    });
    if (step % config.displayEverySteps === 0) overlays();
    if (step >= config.steps) end('finished');
    else later(STEP_MS, advance);
  };
  const end = (reason: 'finished' | 'stopped'): void => {
    mode = 'ended';
    post({ type: 'ended', runId, step, reason, elapsedSeconds: (step * STEP_MS) / 1000 });
  };
  const start = async (message: Extract<ToWorker, { type: 'start' }>): Promise<void> => {
    ({ runId, config } = message);
    mode = 'preparing';
    step = 0;
    if (message.resume) step = (await stepOf(message.resume)) ?? 0;
    for (let part = 0; part <= 5; part++) {
      later(120 * part, () => {
        post({ type: 'preparing', runId, doing: 'Compiling kernels', fraction: part / 5 });
      });
    }
    later(800, () => {
      mode = 'training';
      post({
        ...{ type: 'started', runId, config, step, totalSteps: config.steps },
        ...{ notes: [], imageCount: paths.length, formats: FORMATS },
      });
      overlays();
      advance();
    });
  };

  return {
    receive: (message) => {
      switch (message.type) {
        case 'open': {
          const description = 'SwiftShader (Google)';
          later(50, () =>
            post({ type: 'opened', adapter: { backend: 'webgpu', description, slow: true, engine: 'compiled' } }),
          );
          return;
        }
        case 'readFiles':
          names = [];
          return post({ type: 'wantFiles', datasetId: message.datasetId, count: 5 });
        case 'files': {
          const { datasetId, files, isLast } = message;
          names.push(...files.map((one) => ('skipped' in one ? one.skipped.path : one.path)));
          return isLast ? read(datasetId, names) : post({ type: 'wantFiles', datasetId, count: 5 });
        }
        case 'readSamples':
          return read(
            message.datasetId,
            Array.from({ length: message.count }, (_, index) => `scene-${String(index).padStart(4, '0')}.png`),
          );
        case 'cancelReading':
        case 'scoreEvery':
        case 'autosave':
          return;
        case 'readMasks':
          return post({
            type: 'masksRead',
            requestId: message.requestId,
            masked: Math.min(message.files.length, paths.length),
            images: paths.length,
          });
        case 'start':
          return void start(message);
        case 'pause':
          mode = 'paused';
          return post({ type: 'paused', runId, step });
        case 'continue':
          mode = 'training';
          post({ type: 'continued', runId, step });
          return advance();
        case 'stop':
          // As the real one, it hears nothing while it prepares.
          if (mode !== 'preparing') end('stopped');
          return;
        case 'saveCheckpoint': {
          const { requestId, format } = message;
          const fileName = `slotcon-step${step}.${format}`;
          return post({
            type: 'checkpoint',
            runId,
            requestId,
            step,
            format,
            fileName,
            source: new Blob([String(step)]),
          });
        }
        case 'readCheckpoint':
          return void readCheckpoint(message, post);
        case 'setClasses':
          return;
        case 'job': {
          const { requestId, checkpoint, job } = message;
          if (job.kind === 'exportMasks') return segment(requestId);
          // Other jobs are answered by the test.
          if (job.kind !== 'overlays') return;
          return void (checkpoint ? stepOf(checkpoint) : Promise.resolve(step)).then((at = 0) =>
            post({
              type: 'jobDone',
              requestId,
              result: { kind: 'overlays', step: at, overlays: drawn(at), health: fakeHealth(at) },
            }),
          );
        }
        case 'cancelJob':
          segmenting.delete(message.requestId);
          return post({ type: 'jobCanceled', requestId: message.requestId });
      }
    },
  };
}

/** A fake checkpoint holds its step, a fake encoder the word, a damaged file anything else. */
async function stepOf(source: Blob): Promise<number | undefined> {
  const text = await source.text();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function readCheckpoint(message: Extract<ToWorker, { type: 'readCheckpoint' }>, post: Post): Promise<void> {
  const { requestId, name, config } = message;
  const step = await stepOf(message.source);
  if (step === undefined && (await message.source.text()) === 'encoder') {
    const matched = [{ name: 'conv1.weight', shape: [config.width * 64, 3, 7, 7] }];
    post({ type: 'encoderRead', requestId, name, report: { matched, missing: [], unused: [], advice: undefined } });
  } else if (step !== undefined) {
    post({
      type: 'checkpointRead',
      requestId,
      name,
      config: presetConfig('tiny'),
      step,
      datasetFingerprint: 'fake',
      classes: [],
    });
  } else {
    post({ type: 'trouble', code: 'checkpoint/truncated', message: `"${name}" is cut short.`, requestId });
  }
}
