/** A buffer that is replaced when it gets too small; its content is lost then. */
export interface GrowingBuffer {
  /** At least `bytes` long. */
  ensure(bytes: number): GPUBuffer;
  destroy(): void;
}

export function createGrowingBuffer(device: GPUDevice, usage: GPUBufferUsageFlags, firstBytes: number): GrowingBuffer {
  let buffer = device.createBuffer({ size: firstBytes, usage });
  return {
    ensure: (bytes) => {
      if (bytes > buffer.size) {
        // Doubling avoids frequent replacement, but may exceed the memory.
        const size = Math.max(bytes, Math.min(2 * buffer.size, device.limits.maxStorageBufferBindingSize));
        buffer.destroy();
        buffer = device.createBuffer({ size, usage });
      }
      return buffer;
    },
    destroy: () => buffer.destroy(),
  };
}
