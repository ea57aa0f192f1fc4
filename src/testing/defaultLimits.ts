/** What `openWebGpu` needs of a GPU. */
type Gpu = Pick<GPU, 'requestAdapter'>;

/** A GPU whose devices have the limits that WebGPU guarantees, whatever they are requested with. */
export function atDefaultLimits(gpu: Gpu): Gpu {
  return {
    requestAdapter: async (options) => {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      const requestDevice = adapter.requestDevice.bind(adapter);
      return Object.assign(adapter, {
        requestDevice: (wanted?: GPUDeviceDescriptor) => requestDevice({ ...wanted, requiredLimits: {} }),
      });
    },
  };
}
