import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { decodeMask } from '../data/masks/mask.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { workerHarness } from '../testing/workerHarness.ts';
import type { FromWorker } from './client.ts';
import type { CommandOf } from './commands.ts';
import type { Device } from './device.ts';
import type { ImageSet } from './imageSet.ts';
import type { CheckpointContent } from './requests.ts';
import { createTrainerWorker } from './trainerWorker.ts';

const config = makeConfig(presetConfig('tiny'), {
  steps: 8,
  batchSize: 4,
  width: 1 / 16,
  hiddenDim: 8,
  outDim: 8,
  prototypes: 4,
  cropSize: 32,
  watchedImages: 2,
});

let engine: Engine;
beforeAll(async () => {
  const eager = await createEngine(CPU_ADAPTER);
  // The eager engine has nothing to prepare: report half of it, as the compiled one does on its way.
  const program: Engine['program'] = (shapes, body, onProgress) => {
    onProgress?.(0.5);
    return eager.program(shapes, body, onProgress);
  };
  engine = { ...eager, program };
});

function setUp(count: number, onPost?: (message: FromWorker) => void) {
  const images = { source: async () => sampleScenes(count, 0) } as Partial<ImageSet> as ImageSet;
  const device = { engine: async () => engine, isLost: async () => false } as Partial<Device> as Device;
  const harness = workerHarness((post) => createTrainerWorker({ post, images, device }), onPost);
  const start = (runId: number, stopAfter: number, more: Partial<CommandOf<'start'>> = {}): Promise<void> =>
    harness.receive({ type: 'start', runId, config, stopAfter, ...more });
  return { ...harness, start };
}

describe('a run', () => {
  it('reports how far it is prepared, then trains', async () => {
    const { messages, events, start } = setUp(5);
    await start(3, 1);
    const preparing = events('preparing');
    expect(preparing.map(({ phase }) => phase)).toEqual([
      ...['Waiting for the images', 'Building the model', 'Compiling kernels', 'Compiling kernels'],
    ]);
    const fractions = preparing.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions[2]).toBeCloseTo(0.55);
    expect(fractions[3]).toBe(1);
    const others = messages.slice(preparing.length).map(({ type }) => type);
    expect(others).toEqual(['started', 'overlays', 'step', 'overlays', 'autosaved', 'ended']);
  });

  it('that cannot start reports why and nothing else', async () => {
    const { messages, start } = setUp(3);
    await start(3, 1);
    expect(messages.at(-1)).toMatchObject({ type: 'runFailed', runId: 3, error: { code: 'dataset/too-small' } });
  });
});

describe('a file', () => {
  const save = async (format: string) => {
    const harness = setUp(5);
    await harness.start(1, 1);
    const saved = await harness.request('saveCheckpoint', { runId: 1, format });
    const read = () => harness.request('readCheckpoint', { source: saved.source, config });
    const preview = () => harness.request('overlays', { checkpoint: saved.source });
    const resume = async (overrides: Partial<Config> = {}): Promise<FromWorker[]> => {
      harness.messages.length = 0;
      await harness.start(5, 2, { config: { ...config, ...overrides }, resume: saved.source });
      return harness.messages.filter(({ type }) => type !== 'preparing');
    };
    return { ...harness, saved, read, preview, resume };
  };

  it.each(['safetensors', 'slotcon-pth'])('of format %s is read, shown and continued from', async (format) => {
    const { saved, read, preview, resume, events } = await save(format);
    expect(saved.step).toBe(1);
    expect(await read()).toMatchObject({ kind: 'checkpoint', step: 1, config });
    const { step, overlays } = await preview();
    expect(step).toBe(1);
    const messages = await resume();
    expect(messages[0]).toMatchObject({ type: 'started', step: 1, notes: [], imageCount: 5 });
    // Before its first step the run draws what the preview showed.
    expect(overlays).toEqual(events('overlays')[0]?.overlays);
    expect(messages.at(-1)).toMatchObject({ type: 'ended', step: 2 });
  });

  it('with an encoder alone is matched, has nothing to show, and gives a run its encoder', async () => {
    const { read, preview, resume, events } = await save('torchvision');
    expect(await read()).toMatchObject({ kind: 'encoder', report: { missing: [], unused: [] } });
    await expect(preview()).rejects.toMatchObject({ code: 'checkpoint/encoder-only' });
    const messages = await resume();
    expect(messages[0]).toMatchObject({ type: 'started', step: 0 });
    expect(events('started')[0]?.notes[0]).toMatch(/The encoder starts from a file/);
    expect(events('step')[0]).toMatchObject({ record: { step: 1 } });
  });

  it('that fits nothing is refused by name', async () => {
    const { read, preview, resume } = await save('prototypes-npy');
    const error = { code: expect.stringMatching(/^checkpoint\//) as string };
    await expect(read()).rejects.toMatchObject(error);
    await expect(preview()).rejects.toMatchObject(error);
    expect((await resume()).at(-1)).toMatchObject({ type: 'runFailed', error });
  });

  it('has the size that was announced, about', async () => {
    const { request, events, start } = setUp(5);
    await start(1, 1);
    for (const { id, size } of events('started')[0].formats) {
      const { source } = await request('saveCheckpoint', { runId: 1, format: id });
      // Names and headers weigh more than the tensors of so small a model.
      expect(source.size, id).toBeGreaterThan(0.9 * size);
      expect(source.size, id).toBeLessThan(1.6 * size + 60_000);
    }
  });

  it('of a run that is not there is refused', async () => {
    const { request } = setUp(5);
    await expect(request('saveCheckpoint', { runId: 1, format: 'safetensors' })).rejects.toMatchObject({
      code: 'run/none',
    });
  });
});

const SKY = [{ name: 'sky', prototypes: [0, 2] }];

describe('the classes of a run', () => {
  it('are in every file of it from when they were set, and come back with it', async () => {
    const { request, receive, events, start } = setUp(5);
    const saved = async (runId: number): Promise<Blob> =>
      (await request('saveCheckpoint', { runId, format: 'safetensors' })).source;
    const classesOf = async (source: Blob) =>
      ((await request('readCheckpoint', { source, config })) as Extract<CheckpointContent, { kind: 'checkpoint' }>)
        .classes;
    // Set while the run is being built.
    const training = start(1, 1, { config: { ...config, autosaveEverySteps: 1 } });
    await receive({ type: 'setClasses', runId: 1, classes: SKY });
    await training;
    expect(await classesOf(events('autosaved')[0].source)).toEqual(SKY);
    const file = await saved(1);
    expect(await classesOf(file)).toEqual(SKY);
    // The next run has its own; those of a file come with it, until they are replaced.
    await start(2, 1);
    await receive({ type: 'setClasses', runId: 1, classes: SKY });
    expect(await classesOf(await saved(2))).toEqual([]);
    await start(3, 2, { resume: file });
    expect(await classesOf(await saved(3))).toEqual(SKY);
    await receive({ type: 'setClasses', runId: 3, classes: [] });
    expect(await classesOf(await saved(3))).toEqual([]);
  });
});

describe('a job', () => {
  it('works on the model of the run, and ends when it is aborted', async () => {
    const { messages, request, events, abort, lastId, start } = setUp(5);
    await start(1, 1);
    const { step, overlays } = await request('overlays', {});
    expect(step).toBe(1);
    expect(overlays).toEqual(events('overlays').at(-1)?.overlays);
    void request('overlays', {});
    const aborted = lastId();
    await abort(aborted);
    await request('overlays', {});
    expect(messages.filter((one) => 'id' in one && one.id === aborted && one.type !== 'progress')).toEqual([]);
  });

  it('exports masks that are the overlays, for the classes of the request', async () => {
    const { request, events, progressOf, lastId, start } = setUp(5);
    // Working copies as large as what overlays show.
    await start(1, 1, { config: { ...config, cropSize: 64, watchedImages: 5 } });
    const { source, fileName, images } = await request('exportMasks', { classes: SKY });
    expect([fileName, images]).toEqual(['slotcon-step1-masks.zip', 5]);
    const files = unzipSync(new Uint8Array(await source.arrayBuffer()));
    const [shown] = events('overlays').slice(-1);
    expect(shown.overlays).toHaveLength(5);
    for (const { path, labels, size } of shown.overlays) {
      const mask = decodeMask(files[`masks/${path}.png`], path);
      expect([mask.width, mask.height]).toEqual([size, size]);
      // 0+2 · 1 · 3
      expect([...mask.data]).toEqual([...labels].map((label) => [0, 1, 0, 2][label]));
    }
    const phases = progressOf<'exportMasks'>(lastId()).map(({ phase }) => phase);
    expect(phases).toEqual(['Waiting for its turn', 'Compiling kernels', 'Segmenting: 5 of 5 images']);
  });

  it('that exports masks ends between two passes when it is aborted, and the next one is whole', async () => {
    const { receive, progressOf, messages, start, abort } = setUp(20, (message) => {
      const isFirst = message.type === 'progress' && message.id === 1;
      if (isFirst && (message.progress as { fraction: number }).fraction > 0) void abort(1);
    });
    await start(1, 1);
    await receive({ type: 'request', id: 1, kind: 'exportMasks', input: { classes: [] } });
    expect(progressOf<'exportMasks'>(1).at(-1)?.fraction).toBe(8 / 20);
    expect(messages.filter(({ type }) => type === 'result' || type === 'failure')).toEqual([]);
    await receive({ type: 'request', id: 2, kind: 'exportMasks', input: { classes: [] } });
    expect(messages.at(-1)).toMatchObject({ type: 'result', id: 2, result: { images: 20 } });
  });

  it('scores a model by its own masks, handed back as files, as perfect; and names what has no mask', async () => {
    const { request, start } = setUp(5);
    await start(1, 1, { config: { ...config, cropSize: 64, watchedImages: 5 } });
    const { source: zip } = await request('exportMasks', { classes: [] });
    const exported = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    await expect(request('score', { source: 'masks' })).rejects.toMatchObject({ code: 'masks/none' });
    const paths = Object.keys(exported).filter((path) => path.endsWith('.png'));
    const files = paths.slice(1).map((path) => ({ path, file: new File([new Uint8Array(exported[path])], path) }));
    expect(await request('readMasks', { files })).toEqual({ masked: 4, images: 5 });
    const report = await request('score', { source: 'masks', limit: 3 });
    expect(report).toMatchObject({ step: 1, pictures: 3, available: 4 });
    for (const name of ['miou', 'pixelAccuracy', 'majorityMiou'] as const) expect(report.scores[name]).toBeCloseTo(1);
    const baselines = await request('baselines', { source: 'masks', limit: 3 });
    expect(baselines.colors.miou).toBeLessThan(1);
    expect(baselines.untrained.used).toBeGreaterThan(0);
  });

  it('without a model names what is missing', async () => {
    await expect(setUp(5).request('overlays', {})).rejects.toMatchObject({ code: 'run/none' });
  });

  it('finds segments like those of the gallery, and is refused where there is none', async () => {
    const { request, start } = setUp(5);
    await start(1, 1);
    const similar = { image: 0, prototype: 0, count: 3 };
    await expect(request('similarSegments', similar)).rejects.toMatchObject({ code: 'gallery/gone' });
    const gallery = await request('gallery', {});
    expect(gallery).toMatchObject({ step: 1, imageCount: 5 });
    expect(gallery.cards).toHaveLength(config.prototypes);
    const [{ nearest }] = gallery.cards.filter(({ images }) => images > 1);
    const [{ image, prototype }] = nearest;
    expect(await request('similarSegments', { image, prototype, count: 3 })).toHaveLength(3);
  });
});

describe('live scores', () => {
  it('come exactly after every so many steps, until they are aborted', async () => {
    const { receive, progressOf, abort, start } = setUp(5);
    const target = { source: 'heldOutScenes', limit: 2 } as const;
    void receive({ type: 'request', id: 7, kind: 'scoreEvery', input: { everySteps: 2, target } });
    await start(1, 5);
    const reports = progressOf<'scoreEvery'>(7);
    expect(reports.map(({ step }) => step)).toEqual([2, 4]);
    expect(reports[0]).toMatchObject({ pictures: 2, available: 100 });
    await abort(7);
    await start(2, 3);
    expect(progressOf(7)).toHaveLength(2);
  });

  it('that fail are rejected once, and the run trains on', async () => {
    const { receive, messages, start } = setUp(5);
    const input = { everySteps: 1, target: { source: 'masks' } } as const;
    const rejected = receive({ type: 'request', id: 8, kind: 'scoreEvery', input });
    await start(2, 3);
    await rejected;
    const failures = messages.filter(({ type }) => type === 'failure');
    expect(failures).toMatchObject([{ id: 8, error: { code: 'masks/none' } }]);
    expect(messages.findLast(({ type }) => type === 'ended')).toMatchObject({ step: 3, reason: 'stopped' });
  });
});
