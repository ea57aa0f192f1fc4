import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { slotLabels, wholeWindow } from '../../domain/slotGrid.ts';
import { DEFAULT_MASK_OPTIONS } from '../../domain/maskForms.ts';
import { decodeMask } from '../../data/masks/mask.ts';
import { workerConfig as config, workerHarness } from '../../testing/workerHarness.ts';

/** Without edges: these are compared with the dots. */
const PLAIN_MASKS = { ...DEFAULT_MASK_OPTIONS, edges: false };
const SKY = [{ name: 'sky', prototypes: [0, 2] }];

describe('a job', () => {
  it('works on the model of the run, and ends when it is aborted', async () => {
    const { messages, request, events, abort, lastId, start } = await workerHarness(5);
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
    const { request, events, progressOf, lastId, start } = await workerHarness(5);
    await start(1, 1, { config: { ...config, cropSize: 64, watchedImages: 5 } });
    const { source, fileName, images } = await request('exportMasks', { classes: SKY, options: PLAIN_MASKS });
    expect([fileName, images]).toEqual(['slotcon-step1-masks.zip', 5]);
    const files = unzipSync(new Uint8Array(await source.arrayBuffer()));
    const [shown] = events('overlays').slice(-1);
    expect(shown.overlays).toHaveLength(5);
    for (const { path, grid, dimensions } of shown.overlays) {
      const mask = decodeMask(files[`masks/${path}.png`], path);
      const { width, height } = dimensions;
      expect([mask.width, mask.height]).toEqual([width, height]);
      // 0+2 · 1 · 3
      const labels = slotLabels(grid, wholeWindow(width, height));
      expect([...mask.data]).toEqual([...labels].map((label) => [0, 1, 0, 2][label]));
    }
    const phases = progressOf<'exportMasks'>(lastId()).map(({ phase }) => phase);
    expect([...new Set(phases)]).toEqual(['Waiting for its turn', 'Compiling kernels', 'Segmenting: 5 of 5 images']);
  });

  it('that exports masks ends between two passes when it is aborted, and the next one is whole', async () => {
    const { receive, progressOf, messages, start, abort } = await workerHarness(20, (message) => {
      const isFirst = message.type === 'progress' && message.id === 1;
      if (isFirst && (message.progress as { fraction: number }).fraction > 0) void abort(1);
    });
    await start(1, 1);
    await receive({
      type: 'request',
      id: 1,
      kind: 'exportMasks',
      input: { classes: [], options: PLAIN_MASKS },
    });
    expect(progressOf<'exportMasks'>(1).at(-1)?.fraction).toBe(8 / 20);
    expect(messages.filter(({ type }) => type === 'result' || type === 'failure')).toEqual([]);
    await receive({
      type: 'request',
      id: 2,
      kind: 'exportMasks',
      input: { classes: [], options: PLAIN_MASKS },
    });
    expect(messages.at(-1)).toMatchObject({ type: 'result', id: 2, result: { images: 20 } });
  });

  it('scores a model by its own masks, handed back as files, as perfect; and names what has no mask', async () => {
    const { request, start } = await workerHarness(5);
    await start(1, 1, { config: { ...config, cropSize: 64, watchedImages: 5 } });
    const { source: zip } = await request('exportMasks', { classes: [], options: PLAIN_MASKS });
    const exported = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    await expect(request('score', { source: 'masks' })).rejects.toMatchObject({ code: 'masks/none' });
    const paths = Object.keys(exported).filter((path) => path.endsWith('.png'));
    const files = paths.slice(1).map((path) => ({ path, file: new File([new Uint8Array(exported[path])], path) }));
    expect(await request('readMasks', { files })).toEqual({
      masked: 4,
      images: 5,
      how: '4 masks matched by name',
    });
    const report = await request('score', { source: 'masks', limit: 3 });
    expect(report).toMatchObject({ step: 1, pictures: 3, available: 4 });
    for (const name of ['miou', 'pixelAccuracy', 'majorityMiou'] as const) expect(report.scores[name]).toBeCloseTo(1);
    const baselines = await request('baselines', { source: 'masks', limit: 3 });
    expect(baselines.colors.miou).toBeLessThan(1);
    expect(baselines.untrained.used).toBeGreaterThan(0);
  });

  it('without a model names what is missing', async () => {
    const { request } = await workerHarness(5);
    await expect(request('overlays', {})).rejects.toMatchObject({ code: 'run/none' });
  });

  it('finds segments like those of the gallery, and is refused where there is none', async () => {
    const { request, start } = await workerHarness(5);
    await start(1, 1);
    const similar = { image: 0, prototype: 0, count: 3 };
    await expect(request('similarSegments', similar)).rejects.toMatchObject({ code: 'gallery/gone' });
    const gallery = await request('gallery', {});
    expect(gallery).toMatchObject({ step: 1, imageCount: 5 });
    expect(gallery.cards).toHaveLength(config.prototypes);
    const [{ nearest }] = gallery.cards.filter(({ images }) => images > 1);
    const [{ overlay, prototype }] = nearest;
    const sought = { image: overlay.imageIndex, prototype, count: 3 };
    expect(await request('similarSegments', sought)).toHaveLength(3);
  });
});

describe('live scores', () => {
  it('come exactly after every so many steps, until they are aborted', async () => {
    const { receive, progressOf, abort, start } = await workerHarness(5);
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
    const { receive, messages, start } = await workerHarness(5);
    const input = { everySteps: 1, target: { source: 'masks' } } as const;
    const rejected = receive({ type: 'request', id: 8, kind: 'scoreEvery', input });
    await start(2, 3);
    await rejected;
    const failures = messages.filter(({ type }) => type === 'failure');
    expect(failures).toMatchObject([{ id: 8, error: { code: 'masks/none' } }]);
    expect(messages.findLast(({ type }) => type === 'ended')).toMatchObject({ step: 3, reason: 'stopped' });
  });
});
