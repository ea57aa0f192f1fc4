import { errorReport } from './post.ts';
import type { ProgressIn, RequestMessageOf, Requests, RequestTable, ResponseMessage } from './requests.ts';

export interface RequestContext<Progress> {
  /** Aborted when the page no longer wants the result. */
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

type HandlerOf<Entry extends { readonly input: unknown; readonly result: unknown }> = (
  input: Entry['input'],
  context: RequestContext<ProgressIn<Entry>>,
) => Entry['result'] | Promise<Entry['result']>;

/** One handler per kind of request. */
export type HandlersOf<Table extends RequestTable<Table>> = { readonly [Kind in keyof Table]: HandlerOf<Table[Kind]> };

export type Handler<Kind extends keyof Requests> = HandlerOf<Requests[Kind]>;
export type Handlers = HandlersOf<Requests>;

/**
 * Answers each request with the result of its handler, or with the error it threw. An aborted request is not answered
 * any more.
 */
export function createRequestHandler<Table extends RequestTable<Table>>(
  handlers: HandlersOf<Table>,
  post: (message: ResponseMessage) => void,
): (message: RequestMessageOf<Table>) => Promise<void> {
  const running = new Map<number, AbortController>();

  const handle = async <Kind extends keyof Table>(
    id: number,
    kind: Kind,
    input: Table[Kind]['input'],
  ): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    const answer = (message: ResponseMessage): void => {
      if (!signal.aborted) post(message);
    };
    running.set(id, controller);
    try {
      const result = await handlers[kind](input, {
        signal,
        progress: (progress) => answer({ type: 'progress', id, progress }),
      });
      answer({ type: 'result', id, result });
    } catch (error) {
      answer({ type: 'failure', id, error: errorReport(error) });
    } finally {
      running.delete(id);
    }
  };
  return async (message) => {
    if (message.type === 'abort') running.get(message.id)?.abort();
    else await handle(message.id, message.kind, message.input);
  };
}
