import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { REGION_FORMS } from '../../domain/regions.ts';
import { exportRegions } from '../../regions/exports/exportRegions.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import type { Progress } from '../contracts.ts';
import { exportTable, zipPhotographs } from './madeFiles.ts';

/** Aborted after this many reports. */
function listener(abortAfter = Infinity) {
  const controller = new AbortController();
  const told: number[] = [];
  const progress = ({ fraction }: Progress): void => {
    told.push(fraction);
    if (told.length === abortAfter) controller.abort();
  };
  return { told, context: { signal: controller.signal, progress } };
}

const bytesOf = async (blob: Blob): Promise<Buffer> => Buffer.from(await blob.arrayBuffer());

const table = drawnRegions({ photographs: 400 });

it.each(REGION_FORMS)('hands out the table as %s, and tells how far it is', async (form) => {
  const { told, context } = listener();
  const { fileName, source } = await exportTable(table, { form, classes: [] }, context);
  expect(fileName).toMatch(new RegExp(`^regions\\.${form}`));
  // A zip holds the time at which it was made.
  if (form !== 'cvat') {
    expect((await bytesOf(source)).equals(Buffer.concat([...exportRegions(form, table, [])]))).toBe(true);
  }
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
});

it('ends when it is canceled', async () => {
  const { told, context } = listener(2);
  await expect(exportTable(table, { form: 'csv', classes: [] }, context)).rejects.toThrow(/abort/i);
  expect(told).toHaveLength(2);
});

it('copies photographs into a zip under their paths', async () => {
  const { context } = listener();
  const files = ['a.jpg', 'b/a.jpg'].map((path) => ({ path, file: new File([`of ${path}`], 'a.jpg') }));
  const zip = unzipSync(await bytesOf((await zipPhotographs({ files }, context)).source));
  expect(Object.entries(zip).map(([path, bytes]) => [path, strFromU8(bytes)])).toEqual([
    ['a.jpg', 'of a.jpg'],
    ['b/a.jpg', 'of b/a.jpg'],
  ]);
});

it('names a photograph that is gone', async () => {
  const { context } = listener();
  const file = { arrayBuffer: () => Promise.reject(new Error('not found')) } as unknown as File;
  await expect(zipPhotographs({ files: [{ path: 'b/a.jpg', file }] }, context)).rejects.toThrow(/"b\/a\.jpg" can't be/);
});
