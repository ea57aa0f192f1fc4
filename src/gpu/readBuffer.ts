import { completed } from './completion.ts';

/** Copies `floats` of a buffer (usage COPY_SRC) to the host, from `offset` on, both counted in floats. */
export async function readBuffer(
  device: GPUDevice,
  source: GPUBuffer,
  offset = 0,
  floats = source.size / 4 - offset,
): Promise<Float32Array<ArrayBuffer>> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const copy = device.createBuffer({ size: 4 * floats, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 4 * offset, copy, 0, 4 * floats);
  device.queue.submit([encoder.finish()]);
  try {
    await completed(device, copy.mapAsync(GPUMapMode.READ));
    return new Float32Array(copy.getMappedRange()).slice();
  } finally {
    copy.destroy();
  }
}
