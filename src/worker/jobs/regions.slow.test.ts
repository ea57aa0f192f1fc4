import { expect, it } from 'vitest';
import { readRegionTable } from '../../regions/file/readRegions.ts';
import { workerConfig as config, workerHarness } from '../../testing/workerHarness.ts';
import { blobSource } from '../regions/blobSource.ts';

it('finds the regions of all images, and takes up a pass that was canceled', async () => {
  const { receive, request, abort, progressOf, messages, start } = await workerHarness(41, (message) => {
    const isFirst = message.type === 'progress' && message.id === 91;
    if (isFirst && (message.progress as { fraction: number }).fraction > 0.9) void abort(91);
  });
  await start(9, 1);
  await receive({ type: 'request', id: 91, kind: 'regions', input: { keepAs: 'run' } });
  expect(progressOf<'regions'>(91).at(-1)?.fraction).toBeCloseTo(40 / 41);
  expect(messages.filter(({ type }) => type === 'failure')).toEqual([]);
  await receive({ type: 'request', id: 92, kind: 'regions', input: { keepAs: 'run' } });
  // 32 photographs were written.
  expect(progressOf<'regions'>(92).map(({ fraction }) => 41 * fraction)).toEqual([0, 0, 40, 41]);
  expect(messages.at(-1)).toMatchObject({ type: 'result', id: 92, result: { photographs: 41, isKept: true } });
  // Another name, in one go.
  const whole = await request('regions', { keepAs: 'other' });
  expect(whole).not.toHaveProperty('classes');
  const again = await request('regions', { keepAs: 'run' });
  const [one, other] = await Promise.all([again, whole].map(({ source }) => source.arrayBuffer()));
  const [table, same] = await Promise.all([again, whole].map(({ source }) => readRegionTable(blobSource(source))));
  expect(one.byteLength).toBeGreaterThan(0);
  expect(table).toEqual(same);
  expect(other.byteLength).toBe(one.byteLength);
  expect(table).toMatchObject({ isComplete: true, origin: { step: 1, images: 41, dimensions: config.outDim } });
  expect(table.regions.count).toBe(whole.regions);
});
