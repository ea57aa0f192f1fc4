import { presetConfig } from '../config/presets.ts';
import { UserError } from '../lib/errors.ts';
import type { Overlay } from '../domain/reports.ts';
import type { FromWorker, ToWorker } from '../worker/client.ts';
import type { Command, CommandOf } from '../worker/commands.ts';
import type { FileFormat } from '../worker/contracts.ts';
import type { CheckpointContent, InputOf } from '../worker/requests.ts';
import { createRequestHandler, type Handlers } from '../worker/requestHandler.ts';
import { fakeHealth, fakeRecord, fakeVerdict, scene, FAKE_SCENE_SIZE } from './fakeRun.ts';

/** Fake worker with fake numbers, to test the page without training. */
export interface FakeTrainer {
  receive(message: ToWorker): void;
}

type Post = (message: FromWorker) => void;
type Later = (milliseconds: number, callback: () => void) => void;

const STEP_MS = 60;
const FORMATS: readonly FileFormat[] = ['safetensors', 'slotcon-pth'].map((id) => {
  return { id, label: id, purpose: `for ${id}`, size: 1000 };
});

/** Handler of requests that are answered by the test. */
const unanswered = (): Promise<never> => new Promise(() => undefined);

export function createFakeTrainer(post: Post, later: Later): FakeTrainer {
  let paths: string[] = [];
  let names: string[] = [];
  let config = presetConfig('tiny');
  let runId = -1;
  let step = 0;
  /** True if the run was stopped during preparation. */
  let isStopped = false;
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
          post({
            type: 'readDone',
            datasetId,
            usable,
            skipped: names.length - usable,
            canceled: false,
            notes: [],
            different: usable,
          });
        }
      }),
    );
  };
  const drawn = (at: number): Overlay[] =>
    paths.slice(0, config.watchedImages).map((path, imageIndex) => {
      const { rgb, grid } = scene(imageIndex, Math.min(1, at / 120), config.prototypes);
      const preview = { width: FAKE_SCENE_SIZE, height: FAKE_SCENE_SIZE, data: rgb };
      return { imageIndex, path, dimensions: { width: 640, height: 480, orientation: 1 }, preview, grid, edges: grid };
    });
  const overlays = (): void => post({ type: 'overlays', runId, step, overlays: drawn(step), health: fakeHealth(step) });
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
  const start = async (message: CommandOf<'start'>): Promise<void> => {
    ({ runId, config } = message);
    mode = 'preparing';
    isStopped = false;
    step = 0;
    if (message.resume) step = (await stepOf(message.resume)) ?? 0;
    for (let part = 0; part <= 5; part++) {
      later(120 * part, () => {
        post({ type: 'preparing', runId, phase: 'Compiling kernels', fraction: part / 5 });
      });
    }
    later(800, () => {
      mode = 'training';
      post({
        type: 'started',
        runId,
        config,
        step,
        totalSteps: config.steps,
        notes: [],
        imageCount: paths.length,
        formats: FORMATS,
      });
      overlays();
      if (isStopped) end('stopped');
      else advance();
    });
  };

  const command = (message: Command): void => {
    switch (message.type) {
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
        if (mode === 'preparing') isStopped = true;
        else end('stopped');
        return;
      case 'photograph':
      case 'cancelReading':
      case 'setClasses':
      case 'autosave':
        return;
    }
  };
  const handlers: Handlers = {
    open: async () => {
      await new Promise<void>((resolve) => later(50, resolve));
      const description = 'SwiftShader (Google)';
      return { backend: 'webgpu', description, slow: true, engine: 'compiled', hostBytes: 8 * 2 ** 30 };
    },
    planRun: () => ({ networks: 5e8, kept: 1e9, step: 5e8 }),
    saveCheckpoint: ({ format }) => {
      return { step, fileName: `slotcon-step${step}.${format}`, source: new Blob([String(step)]) };
    },
    readCheckpoint,
    readMasks: ({ files }) => {
      const masked = Math.min(files.length, paths.length);
      return { masked, images: paths.length, how: `${masked} masks matched by name` };
    },
    scoreEvery: unanswered,
    overlays: async ({ checkpoint }) => {
      const at = checkpoint ? ((await stepOf(checkpoint)) ?? 0) : step;
      return { step: at, overlays: drawn(at), health: fakeHealth(at) };
    },
    exportMasks: async (_, { signal, progress }) => {
      const images = paths.length;
      for (let done = 0; done <= images; done++) {
        progress({ phase: `Segmenting: ${done} of ${images} images`, fraction: done / images });
        await new Promise<void>((resolve) => later(50, resolve));
        signal.throwIfAborted();
      }
      return { fileName: `slotcon-step${step}-masks.zip`, source: new Blob(['masks']), images };
    },
    segmentPicture: () => {
      const { grid } = scene(0, 1, config.prototypes);
      return { grid, edges: grid };
    },
    gallery: unanswered,
    regions: unanswered,
    similarSegments: unanswered,
    score: unanswered,
    baselines: unanswered,
  };
  const request = createRequestHandler(handlers, post);
  return {
    receive: (message) => {
      if (message.type === 'request' || message.type === 'abort') void request(message);
      else command(message);
    },
  };
}

/** Step of a fake checkpoint, whose content is its step. A fake encoder holds "encoder", a damaged file any other text. */
async function stepOf(source: Blob): Promise<number | undefined> {
  const text = await source.text();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function readCheckpoint({ source, config }: InputOf<'readCheckpoint'>): Promise<CheckpointContent> {
  const step = await stepOf(source);
  if (step !== undefined) {
    return { kind: 'checkpoint', config: presetConfig('tiny'), step, datasetFingerprint: 'fake', classes: [] };
  }
  if ((await source.text()) !== 'encoder') throw new UserError('checkpoint/truncated', 'The file is cut short.');
  const matched = [{ name: 'conv1.weight', shape: [config.width * 64, 3, 7, 7] }];
  return { kind: 'encoder', report: { matched, missing: [], unused: [], advice: undefined } };
}
