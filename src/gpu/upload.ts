/** Bytes written to the buffers of each device. */
const uploaded = new WeakMap<GPUDevice, number>();

/** Writes numbers to a buffer, from a byte offset on. All that the host sends to a device passes here and is counted. */
export function upload(device: GPUDevice, buffer: GPUBuffer, offset: number, data: ArrayBufferView): void {
  device.queue.writeBuffer(buffer, offset, data as ArrayBufferView<ArrayBuffer>);
  uploaded.set(device, uploadedBytes(device) + data.byteLength);
}

/** Bytes that the host has sent to the device so far. */
export function uploadedBytes(device: GPUDevice): number {
  return uploaded.get(device) ?? 0;
}
