/** Calls to a device, and the bytes written to its buffers. */
export interface Counts {
  readonly dispatches: number;
  readonly submits: number;
  readonly buffersCreated: number;
  readonly hostBytes: number;
}

/** Counts on a device until `stop`, which puts its methods back. */
export function startCounting(device: GPUDevice): { stop(): Counts } {
  const counts = { dispatches: 0, submits: 0, buffersCreated: 0, hostBytes: 0 };
  const { queue } = device;
  const createBuffer = device.createBuffer.bind(device);
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  const submit = queue.submit.bind(queue);
  const writeBuffer = queue.writeBuffer.bind(queue);
  device.createBuffer = (descriptor) => {
    counts.buffersCreated++;
    return createBuffer(descriptor);
  };
  queue.writeBuffer = (buffer, offset, data, first = 0, count) => {
    // Both count elements of a typed array.
    const bytes = 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1;
    counts.hostBytes += count === undefined ? data.byteLength - first * bytes : count * bytes;
    writeBuffer(buffer, offset, data, first, count);
    return undefined;
  };
  queue.submit = (buffers) => {
    counts.submits++;
    return submit(buffers);
  };
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (options) => {
      const pass = beginComputePass(options);
      const dispatch = pass.dispatchWorkgroups.bind(pass);
      pass.dispatchWorkgroups = (...workgroups) => {
        counts.dispatches++;
        return dispatch(...workgroups);
      };
      return pass;
    };
    return encoder;
  };
  return {
    stop: () => {
      Object.assign(device, { createBuffer, createCommandEncoder });
      Object.assign(queue, { submit, writeBuffer });
      return counts;
    },
  };
}
