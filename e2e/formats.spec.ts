import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestInfo } from '@playwright/test';
import { writeSlotCon } from '../src/checkpoint/exports/slotcon.ts';
import { EXPORT_FORMATS } from '../src/checkpoint/formats.ts';
import { openCheckpointFile, type OpenedFile } from '../src/checkpoint/openFile.ts';
import type { TrainingPage } from '../src/cli/training/trainingPage.ts';
import { dropPath } from '../src/cli/dropPath.ts';
import { defined } from '../src/lib/defined.ts';
import { PUBLISHED_SHAPES, publishedShapes } from '../src/testing/publishedShapes.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

const PUBLISHED = fileURLToPath(new URL('../src/testing/goldens/ckpt_epoch_1.pth', import.meta.url));

type FormatId = (typeof EXPORT_FORMATS)[number]['id'];

/** Signature of the files of each format, and its offset. */
const MAGIC: Readonly<Record<FormatId, readonly [at: number, bytes: string]>> = {
  safetensors: [8, '{"'],
  'slotcon-pth': [0, 'PK\x03\x04'],
  torchvision: [8, '{"'],
  detectron2: [0, '\x80\x02'],
  mmseg: [0, 'PK\x03\x04'],
  'onnx-encoder': [0, '\x08'],
  'onnx-slots': [0, '\x08'],
  'prototypes-npy': [0, '\x93NUMPY'],
};

test('5 steps, every format, and 5 more from the .pth: bit for bit an unbroken run', async ({
  training,
  page,
}, testInfo) => {
  await trainSmall(training, { steps: 10 });
  const straight = await training.recordsAfter(0);
  expect(straight).toHaveLength(10);

  await training.stopAfter(5);
  await training.start();
  await training.until(({ status, step }) => status === 'ended' && step === 5);
  const firstHalf = await training.recordsAfter(0);
  const files = new Map<FormatId, string>();
  for (const { id, fileName } of EXPORT_FORMATS) {
    const path = await downloadAs(training, id, testInfo);
    expect(path.split('/').at(-1)).toBe(fileName({ position: { step: 5 } } as Parameters<typeof fileName>[0]));
    const [at, bytes] = MAGIC[id];
    expect(readFileSync(path).toString('latin1', at, at + bytes.length), id).toBe(bytes);
    files.set(id, path);
  }
  expect(opened(files.get('slotcon-pth'))).toEqual(opened(files.get('safetensors')));
  expect(opened(files.get('torchvision')).kind).toBe('backbone');
  // 8 prototypes of 8 numbers, behind a header.
  expect(readFileSync(defined(files.get('prototypes-npy')))).toHaveLength(128 + 8 * 8 * 4);

  // A new worker, as in another visit.
  await page.reload();
  await training.open(ON_CPU);
  await training.loadCheckpoint(defined(files.get('slotcon-pth')));
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  expect([...firstHalf, ...(await training.recordsAfter(5))]).toEqual(straight);

  // Formats for export only are rejected with a notice; an encoder starts a run.
  await dropPath(page, defined(files.get('detectron2')));
  await expect(page.getByTestId('notice')).toContainText('The file is a plain Python pickle');
  await page.getByTestId('notice').getByLabel('Dismiss').click();
  await dropPath(page, defined(files.get('torchvision')));
  await expect(page.getByTestId('resume')).toContainText(/is an encoder: \d+ tensors matched, 0 missing/);
  await page.getByTestId('encoder-report').locator('summary').click();
  await expect(page.getByTestId('encoder-report')).toContainText('conv1.weight');
  await useButton(training);
  await training.stopAfter(1);
  const { notes } = await training.start();
  expect(notes.join()).toMatch(/The encoder starts from a file, with \d+ tensors/);
  await training.until(({ status, step }) => status === 'ended' && step === 1);
});

test('a checkpoint of the published code, dropped: its slots on the images at once, then it continues training', async ({
  training,
  page,
}) => {
  await training.open(ON_CPU);
  await training.readImages(undefined);
  await dropPath(page, PUBLISHED);
  const shown = await training.until(({ snapshotSteps }) => snapshotSteps.length === 1);
  expect(shown).toMatchObject({ status: 'idle', resume: 'loaded', snapshotSteps: [3], notices: [] });
  await expect(page.getByTestId('resume')).toContainText('step 3, resnet18, 16 prototypes');
  const overlays = await training.overlaysAt(3);
  expect(overlays).toHaveLength(8);
  const used = new Set(overlays.flatMap(({ grid }) => [...grid.prototypes]));
  expect(Math.max(...used)).toBeLessThan(16);
  await expect(page.getByTestId('overlay-canvas')).toHaveCount(8);
  await expect(page.getByTestId('legend-row')).toHaveCount(16);

  await training.stopAfter(4);
  await training.start();
  const last = await training.until(({ status }) => status === 'ended');
  expect(last).toMatchObject({ step: 4, totalSteps: 200, notices: [] });
  // The run showed the same before its first step.
  const grids = (all: typeof overlays) => all.map(({ grid }) => grid);
  expect(grids(await training.overlaysAt(3))).toEqual(grids(overlays));
  expect(last.snapshotSteps).toEqual([3, 4]);
});

test('the menu by keyboard, and the command that continues on GPUs', async ({ training, page, context }, testInfo) => {
  await trainSmall(training, { steps: 2 });
  const [button, caret] = [page.getByTestId('download'), page.getByTestId('download-as')];
  const menu = page.getByRole('menu', { name: 'Download as' });
  const items = menu.getByRole('menuitem');
  await button.focus();
  await page.keyboard.press('Tab');
  await expect(caret).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(items).toHaveCount(EXPORT_FORMATS.length + 3);
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(1)).toBeFocused();
  // The page's shortcuts are disabled here.
  await page.keyboard.press('o');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(caret).toBeFocused();
  await expect(page.getByTestId('overlay-toggle')).toBeChecked();

  // It opens within a narrow viewport, too.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByTestId('tab-run').click();
  await caret.click();
  const { x, width } = defined(await menu.boundingBox());
  expect([x >= 0, x + width <= 390]).toEqual([true, true]);
  await page.keyboard.press('Escape');

  await page.keyboard.press('Enter');
  // A popover gives its first item the focus a moment after it shows.
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(items.last()).toBeFocused();
  // Where that moment is a long one, an item that was chosen meanwhile keeps the focus.
  await menu.evaluate((element) => element.dispatchEvent(new ToggleEvent('toggle', { newState: 'open' })));
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Continue on GPUs' });
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByTestId('download-pth').click()]);
  await download.saveAs(testInfo.outputPath(download.suggestedFilename()));
  expect(opened(testInfo.outputPath(download.suggestedFilename())).kind).toBe('checkpoint');
  const command = dialog.getByTestId('torchrun');
  await expect(command).toContainText(`--resume ${download.suggestedFilename()}`);
  await expect(command).toContainText('--num-prototypes 8');
  await expect(dialog.getByTestId('other-network')).toContainText('Width 0.0625');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy command' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await command.textContent());
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(caret).toBeFocused();
});

/** With other settings nothing of the encoder fits; a button sets those of the file, each of which can be put back. */
async function useButton(training: TrainingPage): Promise<void> {
  const { page } = training;
  const [note, use] = [page.getByTestId('resume'), page.getByTestId('use-encoder')];
  await training.set({ arch: 'resnet50', width: 0.25 });
  await expect(note).toContainText('0 tensors matched');
  await expect(page.getByTestId('start-why')).toContainText("doesn't fit these settings");
  await expect(note).toContainText('The file looks like a ResNet of width 0.0625 with 1 block per stage.');
  await expect(use).toHaveText('Use ResNet-18, width 0.0625');
  await use.click();
  await expect(note).toContainText(/\d+ tensors matched, 0 missing/);
  await expect(use).toBeHidden();
  await page.locator('details[data-group=encoder] summary').click();
  await page.getByRole('button', { name: 'Width: back to 0.25' }).click();
  await expect(use).toHaveText('Use width 0.0625');
  await use.click();
  await expect(note).toContainText(/\d+ tensors matched, 0 missing/);
}

async function trainSmall(training: TrainingPage, { steps }: { readonly steps: number }): Promise<void> {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps, displayEverySteps: 5, watchedImages: 2 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
}

async function downloadAs(training: TrainingPage, format: FormatId, testInfo: TestInfo): Promise<string> {
  const download = await training.downloadAs(format);
  const path = testInfo.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

function opened(path: string | undefined): OpenedFile {
  return openCheckpointFile(new Uint8Array(readFileSync(defined(path))));
}

/** The published networks in all their layers, narrower where the whole size (a file of 750 MB) isn't asked for. */
const NARROW = { width: 1 / 16, hiddenDim: 64, outDim: 32 };
const SIZE = process.env.FULL_SIZE === '1' ? PUBLISHED_SHAPES : NARROW;

test('a file of the published networks is loaded and segments; the form tells the memory of a run, or the largest batch', async ({
  training,
  page,
}, testInfo) => {
  if (SIZE !== NARROW) test.setTimeout(600_000);
  const path = testInfo.outputPath('ckpt_epoch_800.pth');
  const file = openSync(path, 'w');
  for (const chunk of writeSlotCon(publishedShapes({ ...SIZE, watchedImages: 2 }))) writeFileSync(file, chunk);
  closeSync(file);
  const memory = page.getByTestId('memory').first();
  const [start, why] = [page.getByTestId('start'), page.getByTestId('start-why')];
  await training.open('/');
  await expect(memory).toContainText('B of memory', { timeout: 30_000 });
  await training.readImages(undefined);
  await page.getByTestId('start-from').selectOption('known:slotcon-coco-800');
  await page.getByTestId('checkpoint-input').setInputFiles(path);
  await expect(page.getByTestId('adapted')).toContainText('Prototypes 256');
  await expect(page.getByTestId('adapted')).toContainText('Stages 4');
  await training.until(({ snapshotSteps }) => snapshotSteps.length === 1);
  await training.set({ batchSize: 2, cropSize: 64 });
  // Planning takes seconds on two cores.
  const patience = { timeout: 60_000 };
  await expect(memory).toHaveAttribute('title', /Networks and optimizer .*, a step /, patience);
  await expect(start).toBeEnabled();
  if (SIZE !== NARROW) {
    await expect(memory).toContainText('2.8 GB of memory');
    await training.stopAfter(1);
    await training.start();
    await training.until(({ status, step }) => status === 'ended' && step === 1);
    return;
  }
  await training.set({ batchSize: 4096, cropSize: 224 });
  await expect(why).toContainText(/A batch of 4096 images .* more than this adapter can bind/, patience);
  await expect(page.getByTestId('settings-warnings')).toContainText('than this adapter can bind');
  await expect(start).toBeDisabled();
});
