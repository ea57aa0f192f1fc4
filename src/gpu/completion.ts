/** Devices of browsers that look for completed work only now and then, with the number of waits for it. */
const polled = new WeakMap<GPUDevice, Polling>();

interface Polling {
  waits: number;
  timer?: ReturnType<typeof setTimeout>;
}

/** Firefox looks every 100 ms; other browsers report completed work within a few. */
const SLOW_MS = 50;
/** Browsers stretch this to 4 ms after some turns. Submitting without any delay keeps Firefox from its other work. */
const POLL_MS = 1;

/** Measures how soon the browser reports completed work, once for each device. */
export async function measureCompletion(device: GPUDevice): Promise<void> {
  // Ends with one of the browser's looks, so that the next wait takes the whole time between two of them.
  await device.queue.onSubmittedWorkDone();
  const from = performance.now();
  device.queue.submit([]);
  await device.queue.onSubmittedWorkDone();
  if (performance.now() - from > SLOW_MS) polled.set(device, { waits: 0 });
}

/**
 * Awaits the completion or the read-back of submitted work. Where the browser looks for completed work only now and then,
 * submits nothing again and again meanwhile: each submission makes it look.
 */
export async function completed<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  const polling = polled.get(device);
  if (!polling) return work;
  const poll = (): void => {
    device.queue.submit([]);
    polling.timer = setTimeout(poll, POLL_MS);
  };
  if (polling.waits++ === 0) polling.timer = setTimeout(poll, POLL_MS);
  try {
    return await work;
  } finally {
    if (--polling.waits === 0) clearTimeout(polling.timer);
  }
}
