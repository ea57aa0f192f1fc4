import { errorReport } from './post.ts';
import type { InputOf, ProgressOf, RequestKind, RequestMessage, ResponseMessage, ResultOf } from './requests.ts';

export interface RequestContext<Kind extends RequestKind> {
  /** Aborted when the page no longer wants the result. */
  readonly signal: AbortSignal;
  progress(progress: ProgressOf<Kind>): void;
}

export type Handler<Kind extends RequestKind> = (
  input: InputOf<Kind>,
  context: RequestContext<Kind>,
) => ResultOf<Kind> | Promise<ResultOf<Kind>>;

/** One handler per kind of request. */
export type Handlers = { readonly [Kind in RequestKind]: Handler<Kind> };

/**
 * Answers each request with the result of its handler, or with the error it threw. An aborted request is not answered
 * any more.
 */
export function createRequestHandler(
  handlers: Handlers,
  post: (message: ResponseMessage) => void,
): (message: RequestMessage) => Promise<void> {
  const running = new Map<number, AbortController>();

  const handle = async <Kind extends RequestKind>(id: number, kind: Kind, input: InputOf<Kind>): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    const answer = (message: ResponseMessage): void => {
      if (!signal.aborted) post(message);
    };
    running.set(id, controller);
    try {
      const handler = handlers[kind] as Handler<Kind>;
      const result = await handler(input, {
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
