import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RgbImage } from '../../domain/images.ts';
import { turnUpright } from '../decode/orientation.ts';
import { EVERY_FORMAT, writeEveryFormat } from '../../testing/formats/everyFormat.node.ts';
import { readFolder } from './readFolder.node.ts';

it('reads one file of every kind as its manifest says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formats-'));
  try {
    await writeEveryFormat(folder);
    const { source, skipped, notes } = await readFolder(folder, 256);
    const dimensions = Array.from({ length: source.count }, (_, index) => [
      source.path(index),
      source.dimensions(index),
    ]);
    const decoded = EVERY_FORMAT.filter((file) => file.expect === 'decode');
    expect(Object.fromEntries(dimensions)).toEqual(Object.fromEntries(decoded.map((file) => [file.path, file.dimensions]))); // oxfmt-ignore
    const refused = EVERY_FORMAT.filter((file) => file.expect === 'skip');
    expect(skipped.map(({ path }) => path).sort()).toEqual(refused.map(({ path }) => path).sort());
    for (const { path, reason, names } of refused)
      expect(skipped).toContainEqual({ path, reason, detail: expect.stringContaining(names) });
    const count = (conversion: string): number =>
      decoded.filter(({ conversions }) => conversions.some((one) => one === conversion)).length;
    expect(notes.map(({ text }) => text).join(' ')).toMatch(new RegExp(`\\b${count('stretched')}\\b.*\\b${count('first-channels')}\\b`)); // oxfmt-ignore
    const pixels = async (path: string): Promise<RgbImage> => {
      const index = Array.from({ length: source.count }, (_, at) => source.path(at)).indexOf(path);
      return source.get(index);
    };
    const [plain, heic] = [await pixels('plain.png'), await pixels('photo.heic')];
    const differences = plain.data.map((level, at) => Math.abs(level - heic.data[at]));
    expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(6);
    expect(await pixels('turned.HEIC')).toEqual(turnUpright(heic, 6));
    for (const path of ['lzw.tif', 'no ending, in tiles', 'many channels.tif'])
      expect((await pixels(path)).data, path).toEqual(plain.data);
  } finally {
    await rm(folder, { recursive: true });
  }
});
