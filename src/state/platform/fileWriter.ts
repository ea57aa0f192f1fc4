import type { WorkerLike } from '../../worker/requestClient.ts';
import type { FromStorage, ToStorage } from '../../worker/storage/storageMessages.ts';

/** Writes a file of the origin private file system, or rejects and leaves what was there. One at a time in a folder. */
export type WriteFile = (path: readonly string[], source: Blob) => Promise<void>;

/** `spawn` makes a worker for one file. */
export function createFileWriter(spawn: () => WorkerLike): WriteFile {
  return (path, source) => {
    const worker = spawn();
    const written = new Promise<void>((resolve, reject) => {
      worker.addEventListener('message', (event) => {
        const { failure } = (event as MessageEvent<FromStorage>).data;
        if (failure === undefined) resolve();
        else reject(new Error(failure));
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Error('the worker that writes it failed'));
      });
      worker.postMessage({ path, source } satisfies ToStorage);
    });
    return written.finally(() => worker.terminate());
  };
}
