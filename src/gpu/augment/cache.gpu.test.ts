import { afterEach, describe, expect, test } from 'vitest';
import type { RgbImage } from '../../domain/images.ts';
import { createRandom } from '../../lib/random.ts';
import { createGpuImageCache, type GpuImageCache } from './cache.ts';
import { readBuffer } from '../readBuffer.ts';
import { needsGpu, testDevice } from '../../testing/gpu.ts';

/** Other content for every index. */
function imageOf(index: number, width: number, height: number): RgbImage {
  const random = createRandom(`picture ${index}`);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

describe('the image cache', () => {
  needsGpu();
  const caches: GpuImageCache[] = [];
  afterEach(() => {
    for (const cache of caches.splice(0)) cache.destroy();
  });
  const open = (pixels: number): GpuImageCache => {
    const cache = createGpuImageCache(testDevice(), pixels * 4);
    caches.push(cache);
    return cache;
  };

  /** Pixels of an image on the GPU, as interleaved bytes. */
  async function readBack(cache: GpuImageCache, index: number): Promise<RgbImage | undefined> {
    const found = cache.find(index);
    if (!found) return undefined;
    const { page, offset, width, height } = found;
    const size = width * height * 4;
    const device = testDevice();
    // Storage buffers can't be copied from unless they were made so: read through a kernel of one line.
    const out = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const code = `@group(0) @binding(0) var<storage, read> page: array<u32>;
      @group(0) @binding(1) var<storage, read_write> part: array<u32>;
      override offset: u32;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&part)) { part[id.x] = page[offset + id.x]; }
      }`;
    const compute = { module: device.createShaderModule({ code }), constants: { offset } };
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [page, out].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(size / 256));
    pass.end();
    device.queue.submit([encoder.finish()]);
    const words = new Uint32Array((await readBuffer(device, out)).buffer);
    out.destroy();
    const data = Uint8Array.from(
      { length: width * height * 3 },
      (_, at) => words[Math.floor(at / 3)] >> (8 * (at % 3)),
    );
    return { width, height, data };
  }

  test('evicts the least recently used image, never one that is held', () => {
    const cache = open(2 * 40 * 50);
    const store = (index: number): void => {
      cache.store(index, imageOf(index, 40, 50));
      cache.release(index);
    };
    [1, 2].forEach(store);
    expect(cache.hold(1)).toEqual({ width: 40, height: 50 });
    cache.release(1);
    store(3);
    expect(cache.hold(2)).toBeUndefined();
    // Held: another image must be evicted now.
    expect(cache.hold(1)).toBeDefined();
    store(4);
    expect([1, 2, 3, 4].map((index) => cache.find(index) !== undefined)).toEqual([true, false, false, true]);
    cache.release(1);
  });

  test('exceeds its budget for images held at once', async () => {
    const cache = open(1);
    const indices = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    for (const index of indices) cache.store(index, imageOf(index, 30 + index, 20));
    for (const index of indices) expect(await readBack(cache, index)).toEqual(imageOf(index, 30 + index, 20));
    const pages = new Set(indices.map((index) => cache.find(index)?.page));
    expect(pages.size).toBeGreaterThan(1);
  });

  test('keeps images intact through many uploads and evictions', async () => {
    const cache = open(3000);
    const random = createRandom('traffic');
    const held: number[] = [];
    for (let move = 0; move < 600; move++) {
      const index = random.integer(60);
      if (!cache.hold(index)) cache.store(index, imageOf(index, 1 + (index % 23), 1 + ((index * 7) % 31)));
      held.push(index);
      if (held.length > 5) cache.release(held.shift() as number);
    }
    const kept = Array.from({ length: 60 }, (_, index) => index).filter((index) => cache.find(index));
    expect(kept.length).toBeGreaterThan(8);
    expect(kept.length).toBeLessThan(60);
    expect(held.filter((index) => !kept.includes(index))).toEqual([]);
    for (const index of kept)
      expect(await readBack(cache, index)).toEqual(imageOf(index, 1 + (index % 23), 1 + ((index * 7) % 31)));
  });
});
