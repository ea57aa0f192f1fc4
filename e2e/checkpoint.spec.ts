import { readFileSync, writeFileSync } from 'node:fs';
import { readSafetensors } from '../src/checkpoint/safetensors/readSafetensors.ts';
import type { StoredTensor } from '../src/checkpoint/safetensors/storedTensor.ts';
import { writeSafetensors } from '../src/checkpoint/safetensors/writeSafetensors.ts';
import { defined } from '../src/lib/defined.ts';
import { expect, findings, ON_CPU, SMALL, test } from './fixtures.ts';
import { drawImage } from './helpers/files.ts';

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

test('a checkpoint is tried on a new picture and on the camera, without a folder of images', async ({
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
  // Left and entered again, the camera is off, and the picture still there.
  await page.getByTestId('view-runs').click();
  await page.getByTestId('view-try').click();
  await expect(page.getByTestId('trial-camera')).toContainText('Start camera');
  await expect(page.getByTestId('trial-tile')).toHaveCount(1);
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
