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
import type { ImageSet } from './imageSet.ts';
import type { FromWorker, JobKind, JobResult } from './protocol.ts';
import { inspectCheckpoint } from './checkpointFiles.ts';
import { createRunController } from './runController.ts';

const config = makeConfig(presetConfig('tiny'), {
  ...{ steps: 8, batchSize: 4, width: 1 / 16, hiddenDim: 8, outDim: 8, prototypes: 4, cropSize: 32, watchedImages: 2 },
});

let engine: Engine;
beforeAll(async () => {
  const eager = await createEngine(CPU_ADAPTER);
  // Half-way through its preparations an engine says so; the eager one has none.
  const program: Engine['program'] = (shapes, body, onProgress) => {
    onProgress?.(0.5);
    return eager.program(shapes, body, onProgress);
  };
  engine = { ...eager, program };
});

function setUp(images: number, onPost: (message: FromWorker) => void = () => undefined) {
  const messages: FromWorker[] = [];
  const dataset = { source: async () => sampleScenes(images, 0) } as Partial<ImageSet> as ImageSet;
  const post = (message: FromWorker): void => {
    messages.push(message);
    onPost(message);
  };
  const runner = createRunController(post, dataset, { engine: async () => engine, isLost: async () => false });
  return { messages, post, runner };
}

/** What a job of this kind came to. */
function resultOf<Kind extends JobKind>(
  message: FromWorker | undefined,
  kind: Kind,
): Extract<JobResult, { kind: Kind }> {
  if (message?.type !== 'jobDone' || message.result.kind !== kind) throw new Error(`no result: ${message?.type}`);
  return message.result as Extract<JobResult, { kind: Kind }>;
}

async function run(images: number): Promise<FromWorker[]> {
  const { messages, runner } = setUp(images);
  await runner.start({ type: 'start', runId: 3, config, stopAfter: 1 });
  return messages;
}

describe('a run', () => {
  it('tells how far it is prepared, then trains', async () => {
    const messages = await run(5);
    const preparing = messages.flatMap((one) => (one.type === 'preparing' ? [one] : []));
    expect(preparing.map(({ doing }) => doing)).toEqual([
      ...['Waiting for the images', 'Building the model', 'Compiling kernels', 'Compiling kernels'],
    ]);
    const fractions = preparing.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions[2]).toBeCloseTo(0.55);
    expect(fractions[3]).toBe(1);
    const others = messages.slice(preparing.length).map(({ type }) => type);
    expect(others).toEqual(['started', 'overlays', 'step', 'overlays', 'autosaved', 'ended']);
  });

  it('that cannot start says why and says nothing else', async () => {
    const last = (await run(3)).at(-1);
    expect(last).toMatchObject({ type: 'trouble', code: 'dataset/too-small', runId: 3 });
  });
});

describe('a file', () => {
  const resume = async (format: string, overrides: Partial<Config> = {}) => {
    const { messages, post, runner } = setUp(5);
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    await runner.saveCheckpoint({ type: 'saveCheckpoint', runId: 1, requestId: 2, format });
    const saved = messages.find((message) => message.type === 'checkpoint')!;
    messages.length = 0;
    const { source, fileName: name } = saved;
    await inspectCheckpoint(post, { type: 'readCheckpoint', requestId: 3, name, source, config });
    await runner.jobs.run({ type: 'job', requestId: 4, job: { kind: 'overlays' }, checkpoint: source });
    await runner.start({ type: 'start', runId: 5, config: { ...config, ...overrides }, resume: source, stopAfter: 2 });
    return { saved, messages };
  };

  it.each(['safetensors', 'slotcon-pth'])('of format %s is read, shown and continued from', async (format) => {
    const { saved, messages } = await resume(format);
    expect(saved).toMatchObject({ step: 1, format });
    const [read, preview, ...others] = messages.filter(({ type }) => type !== 'preparing' && type !== 'jobProgress');
    expect(read).toMatchObject({ type: 'checkpointRead', requestId: 3, step: 1, config });
    expect(preview).toMatchObject({ type: 'jobDone', requestId: 4, result: { kind: 'overlays', step: 1 } });
    expect(others[0]).toMatchObject({ type: 'started', step: 1, notes: [], imageCount: 5 });
    // Before its first step the run draws what the preview showed.
    const [drawn] = others.filter((message) => message.type === 'overlays');
    expect(resultOf(preview, 'overlays').overlays).toEqual(drawn?.overlays);
    expect(others.at(-1)).toMatchObject({ type: 'ended', step: 2 });
  });

  it('with an encoder alone is matched, has nothing to show, and gives a run its encoder', async () => {
    const { messages } = await resume('torchvision');
    const [read, preview, started, , step] = messages.filter(
      ({ type }) => type !== 'preparing' && type !== 'jobProgress',
    );
    expect(read).toMatchObject({ type: 'encoderRead', requestId: 3, report: { missing: [], unused: [] } });
    expect(preview).toMatchObject({ type: 'trouble', requestId: 4 });
    expect(started).toMatchObject({ type: 'started', step: 0 });
    expect((started as Extract<FromWorker, { type: 'started' }>).notes[0]).toMatch(/The encoder starts from a file/);
    expect(step).toMatchObject({ type: 'step', record: { step: 1 } });
  });

  it('that fits nothing is refused by name', async () => {
    const { messages } = await resume('prototypes-npy');
    const troubles = messages.filter((message) => message.type === 'trouble');
    expect(troubles).toHaveLength(3);
    for (const { code } of troubles) expect(code).toMatch(/^checkpoint\//);
  });

  it('has the size that was told, about', async () => {
    const { messages, runner } = setUp(5);
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    const { formats } = messages.find((message) => message.type === 'started')!;
    for (const { id, size } of formats) {
      messages.length = 0;
      await runner.saveCheckpoint({ type: 'saveCheckpoint', runId: 1, requestId: 2, format: id });
      const { source } = messages.find((message) => message.type === 'checkpoint')!;
      // Names and headers weigh more than the tensors of so small a model.
      expect(source.size, id).toBeGreaterThan(0.9 * size);
      expect(source.size, id).toBeLessThan(1.6 * size + 60_000);
    }
  });
});

const SKY = [{ name: 'sky', prototypes: [0, 2] }];

describe('the classes of a run', () => {
  it('are in every file of it from when they were told, and come back with it', async () => {
    const { messages, post, runner } = setUp(5);
    const saved = async (runId: number): Promise<Blob> => {
      await runner.saveCheckpoint({ type: 'saveCheckpoint', runId, requestId: 9, format: 'safetensors' });
      return messages.findLast((message) => message.type === 'checkpoint')!.source;
    };
    const classesOf = async (source: Blob) => {
      await inspectCheckpoint(post, { type: 'readCheckpoint', requestId: 8, name: 'a', source, config });
      return messages.findLast((message) => message.type === 'checkpointRead')!.classes;
    };
    // Told while the run is being prepared.
    const autosaving = { ...config, autosaveEverySteps: 1 };
    const going = runner.start({ type: 'start', runId: 1, config: autosaving, stopAfter: 1 });
    runner.setClasses({ type: 'setClasses', runId: 1, classes: SKY });
    await going;
    expect(await classesOf(messages.find((message) => message.type === 'autosaved')!.source)).toEqual(SKY);
    const file = await saved(1);
    expect(await classesOf(file)).toEqual(SKY);
    // The next run has its own, which a file brings along and a word changes.
    await runner.start({ type: 'start', runId: 2, config, stopAfter: 1 });
    runner.setClasses({ type: 'setClasses', runId: 1, classes: SKY });
    expect(await classesOf(await saved(2))).toEqual([]);
    await runner.start({ type: 'start', runId: 3, config, resume: file, stopAfter: 2 });
    expect(await classesOf(await saved(3))).toEqual(SKY);
    runner.setClasses({ type: 'setClasses', runId: 3, classes: [] });
    expect(await classesOf(await saved(3))).toEqual([]);
  });
});

describe('a job', () => {
  it('works on the model of the run, and ends when it is canceled', async () => {
    const { messages, runner } = setUp(5);
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    await runner.jobs.run({ type: 'job', requestId: 2, job: { kind: 'overlays' } });
    const canceled = runner.jobs.run({ type: 'job', requestId: 3, job: { kind: 'overlays' } });
    runner.jobs.cancel(3);
    await canceled;
    const [before, done] = messages.filter(({ type }) => type === 'overlays' || type === 'jobDone').slice(-2);
    expect(done).toMatchObject({ type: 'jobDone', requestId: 2, result: { step: 1 } });
    expect(resultOf(done, 'overlays').overlays).toEqual((before as Extract<FromWorker, { type: 'overlays' }>).overlays);
    expect(messages.at(-1)).toEqual({ type: 'jobCanceled', requestId: 3 });
  });

  it('exports masks that are the overlays, for the same classes as it was asked with', async () => {
    const { messages, runner } = setUp(5);
    // Working copies as large as what overlays show.
    const equal = { ...config, cropSize: 64, watchedImages: 5 };
    await runner.start({ type: 'start', runId: 1, config: equal, stopAfter: 1 });
    await runner.jobs.run({ type: 'job', requestId: 2, job: { kind: 'exportMasks', classes: SKY } });
    const { source, fileName, images } = resultOf(messages.at(-1), 'exportMasks');
    expect([fileName, images]).toEqual(['slotcon-step1-masks.zip', 5]);
    const files = unzipSync(new Uint8Array(await source.arrayBuffer()));
    const shown = messages.findLast((message) => message.type === 'overlays')!;
    expect(shown.overlays).toHaveLength(5);
    for (const { path, labels, size } of shown.overlays) {
      const mask = decodeMask(files[`masks/${path}.png`], path);
      expect([mask.width, mask.height]).toEqual([size, size]);
      // 0+2 · 1 · 3
      expect([...mask.data]).toEqual([...labels].map((label) => [0, 1, 0, 2][label]));
    }
    const doing = messages.flatMap((one) => (one.type === 'jobProgress' && one.requestId === 2 ? [one.doing] : []));
    expect(doing).toEqual(['Waiting for its turn', 'Compiling kernels', 'Segmenting: 5 of 5 images']);
  });
  it('that exports masks ends between two passes when it is canceled, and the next one is whole', async () => {
    const { messages, runner } = setUp(20, (message) => {
      if (message.type === 'jobProgress' && message.fraction > 0) runner.jobs.cancel(2);
    });
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    await runner.jobs.run({ type: 'job', requestId: 2, job: { kind: 'exportMasks', classes: [] } });
    const told = messages.flatMap((one) => (one.type === 'jobProgress' && one.requestId === 2 ? [one.fraction] : []));
    expect(told.at(-1)).toBe(8 / 20);
    expect(messages.at(-1)).toEqual({ type: 'jobCanceled', requestId: 2 });
    await runner.jobs.run({ type: 'job', requestId: 3, job: { kind: 'exportMasks', classes: [] } });
    expect(resultOf(messages.at(-1), 'exportMasks').images).toBe(20);
  });
  it('scores a model by its own masks, handed back as files, as perfect; and names what has no mask', async () => {
    const { messages, runner } = setUp(5);
    const equal = { ...config, cropSize: 64, watchedImages: 5 };
    await runner.start({ type: 'start', runId: 1, config: equal, stopAfter: 1 });
    await runner.jobs.run({ type: 'job', requestId: 2, job: { kind: 'exportMasks', classes: [] } });
    const exported = unzipSync(new Uint8Array(await resultOf(messages.at(-1), 'exportMasks').source.arrayBuffer()));
    await runner.jobs.run({ type: 'job', requestId: 3, job: { kind: 'score', by: 'masks' } });
    expect(messages.at(-1)).toMatchObject({ type: 'trouble', code: 'masks/none', requestId: 3 });
    const paths = Object.keys(exported).filter((path) => path.endsWith('.png'));
    const files = paths.slice(1).map((path) => ({ path, file: new File([new Uint8Array(exported[path])], path) }));
    await runner.readMasks({ type: 'readMasks', requestId: 4, files });
    expect(messages.at(-1)).toEqual({ type: 'masksRead', requestId: 4, masked: 4, images: 5 });
    await runner.jobs.run({ type: 'job', requestId: 5, job: { kind: 'score', by: 'masks', most: 3 } });
    const { report } = resultOf(messages.at(-1), 'score');
    expect(report).toMatchObject({ step: 1, pictures: 3, available: 4 });
    for (const name of ['miou', 'pixelAccuracy', 'majorityMiou'] as const) expect(report.scores[name]).toBeCloseTo(1);
    await runner.jobs.run({ type: 'job', requestId: 6, job: { kind: 'baselines', by: 'masks', most: 3 } });
    const { baselines } = resultOf(messages.at(-1), 'baselines');
    expect(baselines.colors.miou).toBeLessThan(1);
    expect(baselines.untrained.used).toBeGreaterThan(0);
  });

  it('scores a run exactly every so many steps, and no more after trouble', async () => {
    const { messages, runner } = setUp(5);
    runner.scoreEvery({ type: 'scoreEvery', requestId: 7, everySteps: 2, judged: { by: 'heldOutScenes', most: 2 } });
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 5 });
    const scored = messages.flatMap((one) => (one.type === 'scored' ? [one] : []));
    expect(scored.map(({ requestId, report }) => [requestId, report.step])).toEqual([
      [7, 2],
      [7, 4],
    ]);
    expect(scored[0].report).toMatchObject({ pictures: 2, available: 100 });
    runner.scoreEvery({ type: 'scoreEvery', requestId: 8, everySteps: 1, judged: { by: 'masks' } });
    await runner.start({ type: 'start', runId: 2, config, stopAfter: 3 });
    const troubles = messages.flatMap((one) => (one.type === 'trouble' ? [one.code] : []));
    expect(troubles).toEqual(['masks/none']);
    expect(messages.at(-1)).toMatchObject({ type: 'ended', step: 3, reason: 'stopped' });
  });

  it('without a model says what is missing', async () => {
    const { messages, runner } = setUp(5);
    await runner.jobs.run({ type: 'job', requestId: 2, job: { kind: 'overlays' } });
    expect(messages.at(-1)).toMatchObject({ type: 'trouble', code: 'run/none', requestId: 2 });
  });

  it('finds segments like those of the gallery, and says when there is none', async () => {
    const { messages, runner } = setUp(5);
    await runner.start({ type: 'start', runId: 1, config, stopAfter: 1 });
    const similar = { kind: 'similarSegments', image: 0, prototype: 0, count: 3 } as const;
    await runner.jobs.run({ type: 'job', requestId: 2, job: similar });
    expect(messages.at(-1)).toMatchObject({ type: 'trouble', code: 'gallery/gone', requestId: 2 });
    await runner.jobs.run({ type: 'job', requestId: 3, job: { kind: 'gallery' } });
    const done = messages.at(-1);
    if (done?.type !== 'jobDone' || done.result.kind !== 'gallery') throw new Error(`${done?.type}`);
    const { gallery } = done.result;
    expect(gallery).toMatchObject({ step: 1, imageCount: 5 });
    expect(gallery.cards).toHaveLength(config.prototypes);
    const [segment] = gallery.cards.find(({ images }) => images > 1)!.nearest;
    await runner.jobs.run({ type: 'job', requestId: 4, job: { ...similar, ...segment } });
    const found = messages.at(-1);
    if (found?.type !== 'jobDone' || found.result.kind !== 'similarSegments') throw new Error(`${found?.type}`);
    expect(found.result.segments).toHaveLength(3);
  });
});
