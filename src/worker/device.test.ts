import { afterEach, expect, it, vi } from 'vitest';

import type { TuneMode } from '../domain/tuneMode.ts';
import { createDevice } from './device.ts';

afterEach(() => vi.unstubAllGlobals());

/** A card that can be opened but not computed on. */
function cardOf(name: string): Pick<GPU, 'requestAdapter'> {
  const info = { vendor: name, architecture: '', device: '', description: '' } as GPUAdapterInfo;
  const device = {
    features: new Set(),
    limits: {},
    lost: new Promise(() => undefined),
    queue: { submit: () => undefined, onSubmittedWorkDone: () => Promise.resolve() },
    addEventListener: () => undefined,
    createBuffer: () => {
      throw new Error('computed');
    },
  } as unknown as GPUDevice;
  const adapter = { info, features: new Set(), limits: {}, requestDevice: () => Promise.resolve(device) };
  return { requestAdapter: () => Promise.resolve(adapter as unknown as GPUAdapter) };
}

const deviceOf = (name: string, userAgent: string, version: string) =>
  createDevice(() => undefined, { gpu: cardOf(name) as GPU, userAgent }, { version });

const open = (name: string, userAgent: string, version: string, proven: { on: string; family: 'register' }) =>
  deviceOf(name, userAgent, version).open({ proven });

it('takes the kernels that an earlier visit found to compute rightly, and checks them for another adapter, browser or page', async () => {
  vi.stubGlobal('GPUBufferUsage', {});
  const proven = { on: 'Card 5, Browser 9, page 1', family: 'register' } as const;
  expect(await open('Card 5', 'Browser 9', 'page 1', proven)).toMatchObject({ engine: 'compiled', proven });
  for (const [name, browser, page] of [
    ['Card 6', 'Browser 9', 'page 1'],
    ['Card 5', 'Browser 10', 'page 1'],
    ['Card 5', 'Browser 9', 'page 2'],
  ] as const) {
    await expect(open(name, browser, page, proven), `${name}, ${browser}, ${page}`).rejects.toThrow('computed');
  }
});

const USUAL = 'convolution=register/8 product=register/8 weightGradient=register/8 parallelism=256';
const TUNED = 'convolution=register/4 product=workgroup/32 weightGradient=register/8 parallelism=64';

/** What runs compute with, where the card's kernels were measured by an earlier visit. */
async function kernelsWith(tune: TuneMode | undefined, tuned = TUNED): Promise<string> {
  const device = deviceOf('Card 5', 'Browser 9', 'page 1');
  const proven = { on: 'Card 5, Browser 9, page 1', family: 'register', tuned };
  expect((await device.open({ proven, ...(tune && { tune }) })).proven).toEqual(proven);
  return (await device.tunedEngine(() => undefined)).kernels();
}

it('trains with the kernels that an earlier visit found to be the fastest, and measures none again', async () => {
  vi.stubGlobal('GPUBufferUsage', {});
  expect(await kernelsWith(undefined)).toBe(TUNED);
  expect(await kernelsWith('on')).toBe(TUNED);
});

it('keeps what it knows where it is told to measure nothing', async () => {
  vi.stubGlobal('GPUBufferUsage', {});
  expect(await kernelsWith('off')).toBe(USUAL);
});

it.each<[string, TuneMode | undefined, string?]>([
  ['nothing is known', undefined],
  ['what is known is of another version', 'on', 'convolution=wide/8'],
  ['it is told to', 'again', TUNED],
])('measures where %s, and no second time what the driver failed in', async (_, tune, tuned) => {
  vi.stubGlobal('GPUBufferUsage', {});
  const posted: unknown[] = [];
  const card = { gpu: cardOf('Card 5') as GPU, userAgent: 'Browser 9' };
  const device = createDevice((event) => posted.push(event), card, { version: 'page 1' });
  const proven = { on: 'Card 5, Browser 9, page 1', family: 'register' };
  await device.open({ proven: { ...proven, ...(tuned !== undefined && { tuned }) }, ...(tune && { tune }) });
  for (let run = 0; run < 2; run++) expect((await device.tunedEngine(() => undefined)).kernels()).toBe(USUAL);
  expect(posted).toEqual([{ type: 'tuned', proven: { ...proven, tuned: USUAL } }]);
});
