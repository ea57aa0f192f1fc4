import { afterEach, expect, it, vi } from 'vitest';

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

const open = (name: string, userAgent: string, version: string, proven: { on: string; family: 'register' }) =>
  createDevice(() => undefined, { gpu: cardOf(name) as GPU, userAgent }, { version }).open({ proven });

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
