import { describe, expect, it } from 'vitest';
import type { Config } from '../config/fields.ts';
import { workerConfig as config, workerHarness } from '../testing/workerHarness.ts';
import type { FromWorker } from './client.ts';
import type { CheckpointContent } from './requests.ts';

describe('a run', () => {
  it('reports how far it is prepared, then trains', async () => {
    const { messages, events, start } = await workerHarness(5);
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
    const { messages, start } = await workerHarness(3);
    await start(3, 1);
    expect(messages.at(-1)).toMatchObject({ type: 'runFailed', runId: 3, error: { code: 'dataset/too-small' } });
  });
});

describe('a file', () => {
  const save = async (format: string) => {
    const harness = await workerHarness(5);
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

  it('that matches nothing is rejected with its reason', async () => {
    const { read, preview, resume } = await save('prototypes-npy');
    const error = { code: expect.stringMatching(/^checkpoint\//) as string };
    await expect(read()).rejects.toMatchObject(error);
    await expect(preview()).rejects.toMatchObject(error);
    expect((await resume()).at(-1)).toMatchObject({ type: 'runFailed', error });
  });

  it('has about the announced size', async () => {
    const { request, events, start } = await workerHarness(5);
    await start(1, 1);
    for (const { id, size } of events('started')[0].formats) {
      const { source } = await request('saveCheckpoint', { runId: 1, format: id });
      // Names and headers weigh more than the tensors of so small a model.
      expect(source.size, id).toBeGreaterThan(0.9 * size);
      expect(source.size, id).toBeLessThan(1.6 * size + 60_000);
    }
  });

  it('of an unknown run is rejected', async () => {
    const { request } = await workerHarness(5);
    await expect(request('saveCheckpoint', { runId: 1, format: 'safetensors' })).rejects.toMatchObject({
      code: 'run/none',
    });
  });
});

const SKY = [{ name: 'sky', prototypes: [0, 2] }];

describe('the classes of a run', () => {
  it('are in every file of it from when they were set, and come back with it', async () => {
    const { request, receive, events, start } = await workerHarness(5);
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
