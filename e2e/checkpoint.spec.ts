import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../src/checkpoint/safetensors/readSafetensors.ts';
import type { StoredTensor } from '../src/checkpoint/safetensors/storedTensor.ts';
import { writeSafetensors } from '../src/checkpoint/safetensors/writeSafetensors.ts';
import { defined } from '../src/lib/defined.ts';
import { expect, findings, ON_CPU, SMALL, test } from './fixtures.ts';
import { drawImage, folderOfPictures } from './helpers/files.ts';

/** A file of the published code, with a smaller encoder than the published checkpoints. */
const PUBLISHED = fileURLToPath(new URL('../src/testing/goldens/ckpt_epoch_1.pth', import.meta.url));

test('a bad checkpoint is rejected with its reason, and the run continues unchanged', async ({
  training,
  page,
}, testInfo) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 4 });
  await training.readImages(undefined);
  await training.stopAfter(2);
  await training.start();
  const before = await training.until(({ status }) => status === 'ended');
  const good = testInfo.outputPath('good.safetensors');
  await (await training.downloadCheckpoint()).saveAs(good);

  for (const { name, bytes, message } of damaged(readFileSync(good))) {
    const path = testInfo.outputPath(`${name}.safetensors`);
    writeFileSync(path, bytes);
    await expect(training.loadCheckpoint(path), name).rejects.toThrow(message);
    await expect(page.getByTestId('notice'), name).toContainText(message);
    await expect(page.getByTestId('notice')).toContainText('Nothing was changed. The run on the screen is untouched.');
    await page.getByTestId('notice').getByLabel('Dismiss').click();
    expect(await training.state()).toEqual(before);
  }

  // The run can still be continued, and the good checkpoint still be loaded.
  await training.stopAfter(3);
  await page.getByTestId('continue-from-here').click();
  await training.until(({ status, step }) => status === 'ended' && step === 3);
  await training.loadCheckpoint(good);
  await expect(page.getByTestId('resume')).toContainText('step 2');
});

test('a checkpoint is tried on a new picture and on the camera without a folder of images, and maps one', async ({
  training,
  page,
}, testInfo) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 1 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  const file = testInfo.outputPath('trained.safetensors');
  await (await training.downloadCheckpoint()).saveAs(file);
  await training.open(`${ON_CPU}&again#try`);
  const view = page.getByTestId('trial');
  await expect(view).toContainText('There is no model yet');
  await expect(page.getByTestId('trial-camera')).toBeDisabled();
  await training.loadCheckpoint(file);

  const picture = { name: 'new.jpg', mimeType: 'image/jpeg', buffer: await drawImage(3, 320, 240) };
  const text = { name: 'text.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('I am a text.') };
  await page.getByTestId('trial-input').setInputFiles([picture, text]);
  await expect(page.getByTestId('trial-caption')).toContainText(/new\.jpg.*Slot \d+ \d+%/);
  await expect(view.getByRole('img', { name: /^new\.jpg: Slot \d+/ })).toBeVisible();
  await expect(view.getByRole('alert')).toContainText('“text.jpg” can’t be read as a picture');

  await page.getByTestId('trial-camera').press('Enter');
  const live = page.getByTestId('trial-caption').first();
  await expect(live).toContainText(/Camera · \d+(\.\d)? images\/s.*Slot \d+ \d+%/, { timeout: 60_000 });
  const rate = await live.textContent();
  await expect(live).not.toHaveText(rate ?? '');
  expect(await findings(page)).toEqual([]);
  // Left and entered again, even before the other view's code has come, the camera is off, and the picture still there.
  await page.route(/RunsView.*\.js/, () => undefined);
  await page.getByTestId('view-runs').click();
  await expect(view).toBeHidden();
  await page.getByTestId('view-try').click();
  await expect(page.getByTestId('trial-camera')).toContainText('Start camera');
  await expect(page.getByTestId('trial-tile')).toHaveCount(1);
  await training.readImages(await folderOfPictures(testInfo.outputPath('photos'), 6));
  await page.getByTestId('view-map').click();
  await page.getByTestId('make-map').click();
  await expect(page.getByTestId('map-state')).toContainText(/\d+ regions of 6 images at step 1/);
  await expect(page.getByTestId('map-line').first()).toContainText('.jpg');
});

test('published weights: link, file, its networks in the form, a new run; then a run of one’s own', async ({
  training,
  page,
}) => {
  const [choice, note, adapted] = [
    page.getByTestId('start-from'),
    page.getByTestId('resume'),
    page.getByTestId('adapted'),
  ];
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 20, watchedImages: 2, autosaveEverySteps: 1 });
  await training.readImages(undefined);
  await choice.selectOption('known:slotcon-coco-800');
  const card = page.getByTestId('known-start');
  await expect(card.getByRole('link')).toHaveAttribute('href', /^https:\/\/github\.com\/CVMI-Lab\/SlotCon/);
  await expect(card.getByRole('link')).toHaveAttribute('rel', /noopener/);
  await page.getByTestId('checkpoint-input').setInputFiles(PUBLISHED);
  await expect(note).toContainText('A new run starts from its weights');
  await expect(card).toContainText('another encoder than this one');
  await expect(adapted).toContainText('Encoder learning rate factor 0.1 (was 1)');
  await expect(adapted).toContainText('Freeze encoder 2 (was 0)');
  await expect(adapted).toContainText('Prototypes 16 (was 8)');
  await training.until(({ snapshotSteps }) => snapshotSteps.length === 1);
  await expect(page.getByTestId('overlay-canvas')).toHaveCount(8);

  await page.getByTestId('undo-adapted').click();
  await expect(adapted).toBeHidden();
  await expect(page.getByTestId('new-run-fit')).toContainText('Prototypes 16');
  await choice.selectOption('file');
  await expect(note).toBeHidden();
  await choice.selectOption('known:slotcon-coco-800');
  await page.getByTestId('checkpoint-input').setInputFiles(PUBLISHED);
  await expect(adapted).toContainText('Prototypes 16');

  await training.stopAfter(1);
  const { notes, config, totalSteps } = await training.start();
  expect(notes).toEqual(['The networks and prototypes start with the weights of a run.']);
  expect(config).toMatchObject({ prototypes: 16, steps: 20, encoderLrFactor: 0.1, freezeEncoderSteps: 2 });
  expect(totalSteps).toBe(20);
  await training.until(({ status, step }) => status === 'ended' && step === 1);
  await expect(choice).toHaveValue('fresh');

  const mine = page.locator('[data-testid="start-from"] option[value^="run:"]').first();
  await expect(mine).toContainText('step 1');
  await choice.selectOption(defined((await mine.getAttribute('value')) ?? undefined));
  await expect(note).toContainText('A new run starts from its weights');
  await expect(page.getByTestId('start')).toHaveText('Start');
  await page.getByTestId('start-anew').click();
  await expect(page.getByTestId('start')).toHaveText('Start from step 1');
  await choice.selectOption('fresh');
  await expect(note).toBeHidden();
});

/** Damages a checkpoint in every way that the page reports. */
function damaged(good: Buffer): { name: string; bytes: Uint8Array; message: RegExp }[] {
  const { metadata, tensors } = readSafetensors(new Uint8Array(good));
  const [weight, stored] = defined([...tensors].find(([name]) => name === 'encoder_q.conv1.weight'));
  const withTensor = (tensor: StoredTensor) => writeSafetensors(new Map(tensors).set(weight, tensor), metadata);
  const values = (data: Float32Array, shape: readonly number[]): StoredTensor => ({ dtype: 'F32', shape, data });
  const data = (stored.data as Float32Array).slice();
  const [first = 0, ...rest] = stored.shape;
  const nan = data.slice();
  nan[5] = NaN;
  const half = data.slice(0, data.length / 2);
  const bigger = { ...(JSON.parse(defined(metadata['config'])) as object), prototypes: 9 };
  return [
    { name: 'truncated', bytes: good.subarray(0, good.length - 100), message: /cut short|too short|bytes/i },
    { name: 'overlapping', bytes: withOverlap(good, weight), message: /encoder_q\.|overlap/i },
    { name: 'image', bytes: Buffer.from('GIF89a\0\x01 and pixels'), message: /The file is an image \(GIF\)/ },
    { name: 'web-page', bytes: Buffer.from('<!DOCTYPE html><title>Sign in</title>'), message: /a web page, "Sign in"/ },
    { name: 'cut-archive', bytes: Buffer.from('PK\x03\x04 and no directory'), message: /cut short.*zip/i },
    {
      name: 'nan',
      bytes: withTensor(values(nan, stored.shape)),
      message: /encoder_q\.conv1\.weight.*NaN|NaN.*encoder_q/i,
    },
    { name: 'shape', bytes: withTensor(values(half, [first / 2, ...rest])), message: /encoder_q\.conv1\.weight/ },
    {
      name: 'other-architecture',
      bytes: writeSafetensors(tensors, { ...metadata, config: JSON.stringify(bigger) }),
      message: /grouping_|center/,
    },
  ];
}

/** Makes one tensor overlap the tensor before it by one value. */
function withOverlap(good: Buffer, name: string): Buffer {
  const length = Number(good.readBigUInt64LE(0));
  const header = JSON.parse(good.toString('utf8', 8, 8 + length)) as Record<string, { data_offsets: number[] }>;
  const [begin = 0, end = 0] = header[name].data_offsets;
  header[name].data_offsets = [begin - 4, end - 4];
  const json = Buffer.from(JSON.stringify(header).padEnd(length));
  const written = Buffer.alloc(8);
  written.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([written, json, good.subarray(8 + length)]);
}
