import type { ErrorCode } from '../lib/errorCodes.ts';
import type { Command } from './commands.ts';
import type { ErrorReport } from './contracts.ts';
import type { WorkerEvent } from './events.ts';
import type { InputOf, ProgressOf, RequestKind, RequestMessage, ResponseMessage, ResultOf } from './requests.ts';

/** The part of `Worker` that the client needs; tests bring their own. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export type ToWorker = Command | RequestMessage;
export type FromWorker = WorkerEvent | ResponseMessage;

/** A failed request, with the code and message of the worker. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  readonly code: ErrorCode;

  constructor(readonly report: ErrorReport) {
    super(report.message);
    this.code = report.code;
  }
}

/** The worker crashed or was replaced: every pending request rejects with it. */
export class WorkerLostError extends RequestError {}

export interface RequestOptions<Kind extends RequestKind> {
  /** Rejects the request at once with the reason of the signal; the worker ends the work as soon as it can. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgressOf<Kind>) => void;
}

export interface TrainerClient {
  /** Sends a command. Files and Blobs are handles: cloning one costs nothing. */
  send(command: Command): void;
  /** Rejects with a `RequestError`, or with the reason of the signal. */
  request<Kind extends RequestKind>(
    kind: Kind,
    input: InputOf<Kind>,
    options?: RequestOptions<Kind>,
  ): Promise<ResultOf<Kind>>;
  /** Ends the worker at once; nothing arrives afterwards. */
  close(): void;
}

export interface ClientListeners {
  onEvent(event: WorkerEvent): void;
  /** The worker crashed or could not be loaded; called once, after which the client is closed. */
  onLost(error: WorkerLostError): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: RequestError): void;
  onProgress(progress: unknown): void;
}

/** The page's end of the worker. */
export function createTrainerClient(worker: WorkerLike, { onEvent, onLost }: ClientListeners): TrainerClient {
  const pending = new Map<number, Pending>();
  let lost: WorkerLostError | undefined;
  let ids = 0;

  const lose = (error: WorkerLostError): void => {
    lost = error;
    worker.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  const crash = (message: string, detail: string): void => {
    if (lost) return;
    const error = new WorkerLostError({ code: 'worker/crashed', message, detail });
    lose(error);
    onLost(error);
  };
  const settle = (message: ResponseMessage): void => {
    const request = pending.get(message.id);
    if (message.type === 'progress') return request?.onProgress(message.progress);
    pending.delete(message.id);
    if (message.type === 'result') request?.resolve(message.result);
    else request?.reject(new RequestError(message.error));
  };

  worker.addEventListener('message', (event) => {
    if (lost) return;
    const { data } = event as MessageEvent<FromWorker>;
    if (data.type === 'progress' || data.type === 'result' || data.type === 'failure') settle(data);
    else onEvent(data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const where = event.filename ? ` (${event.filename}:${event.lineno}:${event.colno})` : '';
    crash('The training worker stopped unexpectedly.', `${event.message || 'no message'}${where}`);
  });
  worker.addEventListener('messageerror', () => {
    crash('A message from the training worker could not be read.', 'messageerror');
  });

  return {
    send: (command) => {
      if (!lost) worker.postMessage(command);
    },
    request: <Kind extends RequestKind>(
      kind: Kind,
      input: InputOf<Kind>,
      { signal, onProgress }: RequestOptions<Kind> = {},
    ) =>
      new Promise<ResultOf<Kind>>((resolve, reject) => {
        signal?.throwIfAborted();
        if (lost) throw lost;
        const id = ++ids;
        const abort = (): void => {
          if (!pending.delete(id)) return;
          worker.postMessage({ type: 'abort', id } satisfies RequestMessage);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', abort);
        const settled = (): void => signal?.removeEventListener('abort', abort);
        pending.set(id, {
          resolve: (result) => {
            settled();
            resolve(result as ResultOf<Kind>);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
          onProgress: (progress) => onProgress?.(progress as ProgressOf<Kind>),
        });
        try {
          worker.postMessage({ type: 'request', id, kind, input });
        } catch (error) {
          // The input can't be cloned.
          pending.delete(id);
          throw error;
        }
      }),
    close: () => {
      if (!lost) lose(new WorkerLostError({ code: 'worker/closed', message: 'The training worker was closed.' }));
    },
  };
}
