import type { ErrorCode } from '../lib/errorCodes.ts';
import type { ErrorReport } from './contracts.ts';
import type { ProgressIn, RequestMessageOf, RequestTable, ResponseMessage } from './requests.ts';

/** The part of `Worker` that the client needs; tests bring their own. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

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

export interface RequestOptions<Progress> {
  /** Rejects the request at once with the reason of the signal; the worker ends the work as soon as it can. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Makes the requests of a table to a worker. */
export interface RequestClient<Table extends RequestTable<Table>> {
  /** Rejects with a `RequestError`, or with the reason of the signal. */
  request<Kind extends keyof Table>(
    kind: Kind,
    input: Table[Kind]['input'],
    options?: RequestOptions<ProgressIn<Table[Kind]>>,
  ): Promise<Table[Kind]['result']>;
  /** Sends what needs no answer. Files and Blobs are handles: cloning one costs nothing. */
  post(message: unknown): void;
  /** Ends the worker at once; nothing arrives afterwards. */
  close(): void;
}

export interface RequestClientOptions {
  /** For the person: "training worker". */
  readonly name: string;
  /** A message that answers no request. */
  onMessage(message: unknown): void;
  /** The worker crashed or could not be loaded; called once, after which the client is closed. */
  onLost(error: WorkerLostError): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: RequestError): void;
  onProgress(progress: unknown): void;
}

/** The page's end of a worker that answers requests. */
export function createRequestClient<Table extends RequestTable<Table>>(
  worker: WorkerLike,
  { name, onMessage, onLost }: RequestClientOptions,
): RequestClient<Table> {
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
    const { data } = event as MessageEvent<ResponseMessage | { readonly type: string }>;
    if (isResponse(data)) settle(data);
    else onMessage(data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const where = event.filename ? ` (${event.filename}:${event.lineno}:${event.colno})` : '';
    crash(`The ${name} stopped unexpectedly.`, `${event.message || 'no message'}${where}`);
  });
  worker.addEventListener('messageerror', () => {
    crash(`A message from the ${name} could not be read.`, 'messageerror');
  });

  return {
    post: (message) => {
      if (!lost) worker.postMessage(message);
    },
    request: <Kind extends keyof Table>(
      kind: Kind,
      input: Table[Kind]['input'],
      { signal, onProgress }: RequestOptions<ProgressIn<Table[Kind]>> = {},
    ) =>
      new Promise<Table[Kind]['result']>((resolve, reject) => {
        signal?.throwIfAborted();
        if (lost) throw lost;
        const id = ++ids;
        const abort = (): void => {
          if (!pending.delete(id)) return;
          worker.postMessage({ type: 'abort', id } satisfies RequestMessageOf<Table>);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', abort);
        const settled = (): void => signal?.removeEventListener('abort', abort);
        pending.set(id, {
          resolve: (result) => {
            settled();
            resolve(result);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
          onProgress: (progress) => onProgress?.(progress as ProgressIn<Table[Kind]>),
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
      if (!lost) lose(new WorkerLostError({ code: 'worker/closed', message: `The ${name} was closed.` }));
    },
  };
}

function isResponse(message: ResponseMessage | { readonly type: string }): message is ResponseMessage {
  return message.type === 'progress' || message.type === 'result' || message.type === 'failure';
}
