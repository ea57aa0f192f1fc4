/** Bytes of the buffers that are made on a device from now on, until they are destroyed. */
export interface ByteCount {
  /** Alive now. */
  now(): number;
  stop(): void;
}

export function countBytes(device: GPUDevice): ByteCount {
  let bytes = 0;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    bytes += descriptor.size;
    let isAlive = true;
    buffer.destroy = () => {
      if (isAlive) bytes -= descriptor.size;
      isAlive = false;
      return destroy();
    };
    return buffer;
  };
  return { now: () => bytes, stop: () => Object.assign(device, { createBuffer }) };
}
