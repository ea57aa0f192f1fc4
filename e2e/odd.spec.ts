import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropPath } from '../src/cli/dropPath.ts';
import { readFolder } from '../src/data/folder/readFolder.node.ts';
import { defined } from '../src/lib/defined.ts';
import { EVERY_FORMAT, writeEveryFormat } from '../src/testing/formats/everyFormat.node.ts';
import { drawImage } from './helpers/files.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

interface Manifest {
  readonly files: readonly {
    /** Null if the name is not valid text. */
    readonly path: string | null;
    readonly expect: 'decode' | 'skip' | 'ignore' | 'either' | 'absent';
    readonly reason: string | null;
  }[];
}

const ODD = fileURLToPath(new URL('../src/testing/odd/', import.meta.url));

test('every odd and hostile file is handled as expected, and a run trains on the rest', async ({
  page,
  training,
}, testInfo) => {
  const { files } = JSON.parse(readFileSync(join(ODD, 'manifest.json'), 'utf8')) as Manifest;
  const folder = testInfo.outputPath('unpacked');
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(ODD, 'odd.tar.gz'), '-C', folder], { stdio: ['ignore', 'ignore', 'ignore'] });
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 2 });
  await dropPath(page, join(folder, 'odd'));
  const { images } = await training.until((state) => state.images.status === 'ready');
  const skipped = new Map((await training.skippedFiles()).map(({ path, reason }) => [path, reason as string]));
  const expected = (kind: Manifest['files'][number]['expect']) => files.filter((file) => file.expect === kind);
  for (const { path, reason } of expected('skip')) {
    // A page has one word less than the list.
    expect(skipped.get(defined(path)), defined(path)).toBe(reason === 'unsupported-format' ? 'unsupported' : reason);
  }
  for (const kind of ['decode', 'ignore'] as const) {
    for (const { path } of expected(kind)) expect(skipped.has(defined(path)), `${kind} ${path}`).toBe(false);
  }
  const chosen = expected('either').filter(({ path }) => !skipped.has(defined(path)));
  expect(skipped.size).toBe(expected('skip').length + expected('either').length - chosen.length);
  expect(images.usable).toBe(expected('decode').length + chosen.length);

  await training.start();
  const ended = await training.until(({ status }) => status === 'ended');
  expect(ended).toMatchObject({ endReason: 'finished', step: 2 });
});

test('one file of every format: the page reads the same pixels as Node, and a run trains on them', async ({
  page,
  training,
}, testInfo) => {
  const folder = testInfo.outputPath('formats');
  await writeEveryFormat(folder);
  // So small that a thumbnail is the working copy.
  const workingSize = 48;
  const { source, skipped } = await readFolder(folder, workingSize);
  await training.open(ON_CPU);
  await training.set({ ...SMALL, workingSize, steps: 2 });
  await dropPath(page, folder);
  const { images } = await training.until((state) => state.images.status === 'ready');
  expect(images.usable).toBe(source.count);
  const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1);
  expect([...(await training.skippedFiles())].sort(byPath)).toEqual([...skipped].sort(byPath));
  const shown = await page.evaluate(() =>
    window.slotconTab.images().map(({ path, thumbnail }) => ({ path, data: [...thumbnail.data] })),
  );
  for (const [index, { path, data }] of shown.entries()) {
    expect(path).toBe(source.path(index));
    const { data: levels } = await source.get(index);
    const found = data.filter((_, at) => at % 4 < 3);
    expect(found, path).toHaveLength(levels.length);
    const worst = found.reduce((max, level, at) => Math.max(max, Math.abs(level - levels[at])), 0);
    const tolerance = EVERY_FORMAT.flatMap((file) =>
      file.path === path && file.expect === 'decode' ? [file.tolerance] : [],
    );
    expect(worst, path).toBeLessThanOrEqual(tolerance[0]);
  }
  await training.start();
  const ended = await training.until(({ status }) => status === 'ended');
  expect(ended).toMatchObject({ endReason: 'finished', step: 2 });
});

test('file names are shown as text, whatever they contain', async ({ page, training }, testInfo) => {
  const names = [
    '"double" & \'single\'.jpg',
    '<script>window.broken = 1<script>.jpg',
    '<img src=x onerror=window.broken=1>.jpg',
    '😀 ünï 圖片.jpg',
    'right-to-left \u202egpj.jpg',
    `${'long'.repeat(62)}abc.jpg`,
  ];
  expect(Buffer.byteLength(defined(names.at(-1)))).toBe(255);
  const folder = testInfo.outputPath('<b>bold</b>'.replace('/', '⁄'));
  mkdirSync(folder, { recursive: true });
  for (const [seed, name] of names.entries()) writeFileSync(join(folder, name), await drawImage(seed));
  writeFileSync(join(folder, '<b>bad<b>.jpg'), 'no image');
  await training.open(ON_CPU);
  await training.set({ ...SMALL, watchedImages: 6, steps: 1 });
  await dropPath(page, folder);
  await training.until(({ images }) => images.status === 'ready');
  const listed = page.getByRole('listitem');
  for (const name of names)
    await expect(listed.and(page.getByTitle(name)).or(page.getByLabel(name)).first()).toBeVisible();
  await page.locator('summary').filter({ hasText: 'skipped' }).click();
  await expect(page.getByText('<b>bad<b>.jpg')).toBeVisible();
  await training.start();
  await training.until(({ status }) => status === 'ended');
  for (const name of names) await expect(page.getByText(name).first()).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('<b>bold<⁄b> · Tiny');
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  await expect(page.locator('img')).toHaveCount(0);
});
