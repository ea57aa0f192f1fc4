import type { WorkerLike } from '../../worker/requestClient.ts';
import type { DisplayCopy, DisplayFailure, FromDisplay, ToDisplay } from '../../worker/decode/displayMessages.ts';

/** Workers that make display copies, each one at a time. */
export interface DisplayWorkers {
  /** Resolves with undefined if the image can't be read any more, or crashes its worker, which is then replaced. */
  make(job: ToDisplay): Promise<DisplayCopy | undefined>;
}

/** Idle workers end after this time: decoders hold on to their memory. */
const IDLE_MS = 20_000;

export function createDisplayWorkers(spawn: () => WorkerLike, idleMs = IDLE_MS): DisplayWorkers {
  const idle: DisplayWorker[] = [];
  let busy = 0;
  let ending: ReturnType<typeof setTimeout> | undefined;
  const endIdle = (): void => {
    for (const worker of idle.splice(0)) worker.end();
  };
  return {
    make: async (job) => {
      clearTimeout(ending);
      busy++;
      const worker = idle.pop() ?? createDisplayWorker(spawn());
      const made = await worker.make(job);
      if (made === 'crashed') worker.end();
      else idle.push(worker);
      if (--busy === 0) ending = setTimeout(endIdle, idleMs);
      return typeof made === 'string' ? undefined : made;
    },
  };
}

type Made = DisplayCopy | DisplayFailure | 'crashed';

interface DisplayWorker {
  make(job: ToDisplay): Promise<Made>;
  end(): void;
}

function createDisplayWorker(worker: WorkerLike): DisplayWorker {
  let settle: (made: Made) => void = () => undefined;
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<FromDisplay>;
    if (data !== 'ready') settle(data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    settle('crashed');
  });
  return {
    make: (job) => {
      const made = new Promise<Made>((resolve) => (settle = resolve));
      worker.postMessage(job);
      return made;
    },
    end: () => worker.terminate(),
  };
}
