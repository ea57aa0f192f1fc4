import { expect, it } from 'vitest';
import { openWebGpu } from './device.ts';
import { browserGpu, cardOfRenderer } from './rendererName.ts';

it.each([
  ['ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar', 'NVIDIA GeForce GTX 980'],
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Max, Unspecified Version)', 'Apple M1 Max'],
  ['ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)', 'Mesa Intel(R) UHD Graphics 620 (KBL GT2)'],
  ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3070 (0x00002484) Direct3D11 vs_5_0 ps_5_0, D3D11)', 'NVIDIA GeForce RTX 3070'],
  ['llvmpipe, or similar', 'llvmpipe'],
  ['Radeon R9 200 Series, or similar', 'Radeon R9 200 Series'],
])('%s', (renderer, card) => {
  expect(cardOfRenderer(renderer)).toBe(card);
});

it('names the browser where there is nothing else', () => {
  expect(browserGpu('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox GPU');
  expect(browserGpu('Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36')).toBe(
    'Chrome GPU',
  );
  expect(browserGpu('curl')).toBe('unnamed WebGPU adapter');
});

/** WebGPU whose adapter says so much about itself. */
function gpuWith(info: Partial<GPUAdapterInfo>): GPU {
  const all = { vendor: '', architecture: '', device: '', description: '', ...info };
  const device = {
    features: new Set(),
    queue: { submit: () => undefined, onSubmittedWorkDone: () => Promise.resolve() },
  };
  const adapter = { features: new Set(), limits: {}, info: all, requestDevice: () => Promise.resolve(device) };
  return { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU;
}

it('an adapter without a name takes that of WebGL, by which software is known too', async () => {
  const unnamed = await openWebGpu(gpuWith({}), () => 'llvmpipe');
  expect(unnamed).toMatchObject({ description: 'llvmpipe', software: true });
  const named = await openWebGpu(gpuWith({ vendor: 'nvidia', architecture: 'ada' }), () => 'llvmpipe');
  expect(named).toMatchObject({ description: 'ada, nvidia', software: false });
});
