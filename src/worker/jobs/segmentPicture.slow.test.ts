import { expect, it } from 'vitest';
import { sampleScenes } from '../../data/scenes/samples.ts';
import { workerConfig as config, workerHarness } from '../../testing/workerHarness.ts';

it('segments a picture as an overlay, by the run and by its checkpoint', async () => {
  const { request, events, start } = await workerHarness(5);
  const picture = await sampleScenes(5, 0).get(0);
  await expect(request('segmentPicture', { picture, model: 1 })).rejects.toMatchObject({ code: 'run/none' });
  await start(1, 1, { config: { ...config, watchedImages: 5 } });
  const shown = events('overlays')
    .at(-1)
    ?.overlays.find(({ imageIndex }) => imageIndex === 0);
  const byRun = await request('segmentPicture', { picture, model: 1 });
  expect(byRun.grid).toEqual(shown?.grid);
  expect(byRun.edges).toEqual(shown?.edges);
  const { source: checkpoint } = await request('saveCheckpoint', { runId: 1, format: 'safetensors' });
  const byFile = await request('segmentPicture', { picture, model: 2, checkpoint });
  expect(byFile).toEqual(byRun);
  // The next picture of the same model, then the run again.
  expect(await request('segmentPicture', { picture, model: 2, checkpoint })).toEqual(byRun);
  expect(await request('segmentPicture', { picture, model: 3 })).toEqual(byRun);
});
