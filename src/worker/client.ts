import type { FromWorker, ToWorker } from './protocol.ts';

/** The part of `Worker` that the bridge needs; tests bring their own. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export interface TrainerClient {
  /** Sends a message. Files and Blobs are handles: cloning one costs nothing. */
  post(message: ToWorker): void;
  /** Ends the worker at once; nothing arrives afterwards. */
  close(): void;
}

/**
 * The page's end of the bridge. A worker that crashes or can't be loaded reports `trouble` with the code
 * `worker/crashed`, so that the page has one way for everything that goes wrong.
 */
export function createTrainerClient(worker: WorkerLike, onMessage: (message: FromWorker) => void): TrainerClient {
  let open = true;
  const crashed = (message: string, detail: string): void => {
    if (open) onMessage({ type: 'trouble', code: 'worker/crashed', message, detail });
  };
  worker.addEventListener('message', (event) => {
    if (open) onMessage((event as MessageEvent<FromWorker>).data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const where = event.filename ? ` (${event.filename}:${event.lineno}:${event.colno})` : '';
    crashed('The training worker stopped unexpectedly.', `${event.message || 'no message'}${where}`);
  });
  worker.addEventListener('messageerror', () => {
    crashed('A message from the training worker could not be read.', 'messageerror');
  });
  return {
    post: (message) => {
      if (open) worker.postMessage(message);
    },
    close: () => {
      open = false;
      worker.terminate();
    },
  };
}
