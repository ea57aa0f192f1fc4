import { RequestError, type FromWorker, type ToWorker } from '../worker/client.ts';
import type { EventOf, WorkerEvent } from '../worker/events.ts';
import type { InputOf, ProgressOf, RequestKind, RequestMessage, ResultOf } from '../worker/requests.ts';

/** Drives the worker's message handler as the page does, and records what it posts. */
export function workerHarness(
  create: (post: (message: FromWorker) => void) => (message: ToWorker) => Promise<void>,
  onPost: (message: FromWorker) => void = () => undefined,
) {
  const messages: FromWorker[] = [];
  const receive = create((message) => {
    messages.push(message);
    onPost(message);
  });
  let ids = 0;
  /** Resolves with the result; rejects with a `RequestError`; never settles once aborted. */
  const request = async <Kind extends RequestKind>(kind: Kind, input: InputOf<Kind>): Promise<ResultOf<Kind>> => {
    const id = ++ids;
    await receive({ type: 'request', id, kind, input } as RequestMessage);
    const answer = messages.find((message) => 'id' in message && message.id === id && message.type !== 'progress');
    if (answer?.type === 'result') return answer.result as ResultOf<Kind>;
    if (answer?.type === 'failure') throw new RequestError(answer.error);
    return new Promise(() => undefined);
  };
  return {
    messages,
    receive,
    request,
    /** The id of the latest request. */
    lastId: (): number => ids,
    abort: (id: number): Promise<void> => receive({ type: 'abort', id }),
    progressOf: <Kind extends RequestKind>(id: number): ProgressOf<Kind>[] =>
      messages.flatMap((one) => (one.type === 'progress' && one.id === id ? [one.progress as ProgressOf<Kind>] : [])),
    events: <Type extends WorkerEvent['type']>(type: Type): EventOf<Type>[] =>
      messages.filter((one): one is EventOf<Type> => one.type === type),
  };
}
