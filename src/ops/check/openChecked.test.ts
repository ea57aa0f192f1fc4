import { expect, it, vi } from 'vitest';
import type { WebGpuAdapter } from '../../gpu/device.ts';
import { openCheckedEngine, type KernelFamily } from './openChecked.ts';

/** An adapter that is never computed on. */
function adapterOf({ software, subgroupSize }: Partial<WebGpuAdapter>) {
  const destroy = vi.fn();
  const device = { destroy: destroy as GPUDevice['destroy'] } as GPUDevice;
  const adapter: WebGpuAdapter = {
    backend: 'webgpu',
    description: 'Card 5',
    software: software === true,
    device,
    info: {} as GPUAdapterInfo,
    ...(subgroupSize && { subgroupSize }),
  };
  return { adapter, destroy };
}

/** The error of each family of kernels in the order in which they are tried. */
const errors = (...found: readonly number[]) => {
  const left = [...found];
  return vi.fn(() => Promise.resolve(left.shift() ?? NaN));
};

it.each<[string, Partial<WebGpuAdapter>, readonly number[], KernelFamily]>([
  ['the best family', { software: true, subgroupSize: 8 }, [1e-6], 'subgroup'],
  ['the next family', { software: true, subgroupSize: 8 }, [0.1, 1e-6], 'register'],
  ['the family that is left', { software: true, subgroupSize: 8 }, [NaN, 1, 1e-6], 'workgroup'],
  ['what a card has besides workgroup memory', { software: false }, [1, 1e-6], 'register'],
])('takes %s that computes rightly', async (_, traits, found, family) => {
  const { adapter } = adapterOf(traits);
  const errorOf = errors(...found);
  const opened = await openCheckedEngine(adapter, { errorOf });
  expect(opened).toMatchObject({ adapter, engine: { name: 'compiled' }, family });
  expect(opened.problem).toBeUndefined();
  expect(errorOf).toHaveBeenCalledTimes(found.length);
});

it('does not check again what is proven, nor the eager engine', async () => {
  const { adapter } = adapterOf({ software: false });
  const errorOf = errors();
  expect(await openCheckedEngine(adapter, { errorOf, proven: 'register' })).toMatchObject({ family: 'register' });
  expect(errorOf).not.toHaveBeenCalled();
});

it('checks where the proven family is none of this adapter', async () => {
  const { adapter } = adapterOf({ software: false });
  const errorOf = errors(1e-6);
  expect(await openCheckedEngine(adapter, { errorOf, proven: 'subgroup' })).toMatchObject({ family: 'workgroup' });
  expect(errorOf).toHaveBeenCalledOnce();
});

it('computes elsewhere where every family is wrong, and says which adapter, by how much, and what helps', async () => {
  const { adapter, destroy } = adapterOf({ software: false });
  const opened = await openCheckedEngine(adapter, { errorOf: errors(0.5, 0.25) });
  expect(opened).toMatchObject({ adapter: { backend: 'cpu' }, engine: { name: 'eager' } });
  expect(opened.family).toBeUndefined();
  expect(opened.problem).toMatchObject({ code: 'gpu/wrong-numbers' });
  expect(opened.problem?.message).toMatch(/Card 5 computes wrongly: .* off by 25 %.*CPU.*Update the graphics driver/);
  expect(destroy).toHaveBeenCalledOnce();
});

it('fails with the error of an adapter that computes nothing, such as a lost one', async () => {
  const { adapter } = adapterOf({ software: false });
  const errorOf = () => Promise.reject(new Error('lost'));
  await expect(openCheckedEngine(adapter, { errorOf })).rejects.toThrow('lost');
});
