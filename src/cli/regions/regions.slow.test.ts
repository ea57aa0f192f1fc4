import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandArguments } from '../../../scripts/commands.mjs';
import { ROOT } from '../../../scripts/setup.mjs';
import { sampleScene } from '../../data/scenes/samples.ts';

const COMMAND = await commandArguments('regions');
const folder = mkdtempSync(join(tmpdir(), 'regions-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** `npm run regions` without the set-up before it. */
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const checkpoint = ['--checkpoint', join(ROOT, 'src/testing/goldens/ckpt_epoch_1.pth')];
  const command = [...COMMAND, ...checkpoint, '--engine', 'eager', ...args];
  return spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
}

const pass = ['--images', at('photos'), '--out', at('out')];

beforeAll(async () => {
  mkdirSync(at('photos/deep'), { recursive: true });
  for (const [seed, path] of ['a.png', 'deep/b.png', 'c.png'].entries()) {
    const { data, width, height } = sampleScene(seed, 0).image;
    const image = sharp(data, { raw: { width, height, channels: 3 } });
    writeFileSync(
      at(`photos/${path}`),
      await image.extract({ left: 0, top: 0, width: 64, height: 48 }).png().toBuffer(),
    );
  }
});

it('writes the regions of a folder; the same command again finishes what was interrupted', () => {
  const { status, stdout } = run(...pass);
  expect(status).toBe(0);
  const read = tableFromIPC(readParquet(readFileSync(at('out/regions.parquet'))).intoIPCStream());
  expect(stdout).toContain(`${read.numRows} regions of 3 images`);
  const paths = [...(read.getChild('path') ?? [])] as string[];
  expect([...new Set(paths)]).toEqual(['a.png', 'c.png', 'deep/b.png']);
  expect(readFileSync(at('out/regions.csv'), 'utf8').split('\r\n')).toHaveLength(read.numRows + 2);
  const files = readdirSync(at('out')).filter((name) => !name.endsWith('.zip'));
  expect(files).toHaveLength(4);
  const whole = files.map((name) => readFileSync(at(`out/${name}`)));
  truncateSync(at('out/regions.columns'), readFileSync(at('out/regions.columns')).length - 1);
  for (const name of files.slice(1)) rmSync(at(`out/${name}`));
  const selected = run(...pass, '--select', '2');
  expect(selected.stdout).toMatch(/^Coverage of 2 images to label first: [\d.]+; of as many random ones: [\d.]+$/m);
  const names = readFileSync(at('out/selected.txt'), 'utf8').trimEnd().split('\n');
  expect(new Set(names).size).toBe(2);
  expect(paths).toEqual(expect.arrayContaining(names));
  const [, first] = readFileSync(at('out/selected.csv'), 'utf8').split('\r\n');
  expect(first).toMatch(new RegExp(`^1,${names[0]},64,48,\\d+,[\\d.]+$`));
  expect(files.map((name, one) => readFileSync(at(`out/${name}`)).equals(whole[one]))).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

it('refuses a selection of no images', () => {
  expect(run(...pass, '--select', '0')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--select is "0"') as string,
  });
});

it('replaces the regions of other images only when told to', () => {
  const other = ['--images', at('photos/deep'), '--out', at('out')];
  expect(run(...other)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/regions\.columns" holds the regions of step \d+ on "photos".*--overwrite/) as string,
  });
  expect(run(...other, '--overwrite')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('regions of 1 images') as string,
  });
});
