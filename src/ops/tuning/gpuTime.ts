import { completed } from '../../gpu/completion.ts';
import { TIMESTAMPS } from '../../gpu/device.ts';
import type { GpuCommand } from '../compiled/commands.ts';
import { encodeCommands } from '../compiled/commands.ts';

/**
 * Returns a stopwatch: milliseconds that the device takes for commands, `times` in a row. By the device's own clock where
 * it has one, else by `clock` until the work is reported to be done.
 */
export function gpuStopwatch(
  device: GPUDevice,
  clock: () => number,
): { time(commands: readonly GpuCommand[], times: number): Promise<number>; dispose(): void } {
  const own = device.features.has(TIMESTAMPS) ? deviceClock(device) : undefined;
  return {
    time: async (commands, times) => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass(own?.pass);
      for (let turn = 0; turn < times; turn++) encodeCommands(pass, commands);
      pass.end();
      own?.resolve(encoder);
      const started = clock();
      device.queue.submit([encoder.finish()]);
      if (own) return own.read();
      await completed(device, device.queue.onSubmittedWorkDone());
      return clock() - started;
    },
    dispose: () => own?.dispose(),
  };
}

/** Begin and end of a pass, in nanoseconds of the device. */
function deviceClock(device: GPUDevice) {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const read = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const pass: GPUComputePassDescriptor = {
    timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
  };
  return {
    pass,
    resolve: (encoder: GPUCommandEncoder): void => {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    },
    read: async (): Promise<number> => {
      await completed(device, read.mapAsync(GPUMapMode.READ));
      const [begin, end] = new BigInt64Array(read.getMappedRange());
      read.unmap();
      return Number(end - begin) / 1e6;
    },
    dispose: (): void => {
      for (const each of [querySet, resolved, read]) each.destroy();
    },
  };
}
