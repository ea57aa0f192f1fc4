import { expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { createRequestHandler, type Handlers } from './requestHandler.ts';
import type { ResponseMessage } from './requests.ts';

/** Every kind of request is answered by `handle`. */
function setUp(handle: (input: unknown, context: { signal: AbortSignal; progress(value: unknown): void }) => unknown) {
  const posted: ResponseMessage[] = [];
  const handlers = new Proxy({}, { get: () => handle }) as Handlers;
  return { posted, receive: createRequestHandler(handlers, (message) => posted.push(message)) };
}
const request = (id: number) => ({ type: 'request', id, kind: 'gallery', input: {} }) as const;

it('answers with progress, then with the result', async () => {
  const { posted, receive } = setUp((_, { progress }) => {
    progress(0.5);
    return Promise.resolve('made');
  });
  await receive(request(3));
  expect(posted).toEqual([
    { type: 'progress', id: 3, progress: 0.5 },
    { type: 'result', id: 3, result: 'made' },
  ]);
});

it('answers with the error of a handler, thrown or rejected', async () => {
  const { posted, receive } = setUp(() => {
    throw new UserError('gallery/gone', 'Compute it again.');
  });
  await receive(request(1));
  expect(posted).toEqual([{ type: 'failure', id: 1, error: { code: 'gallery/gone', message: 'Compute it again.' } }]);
  const bug = setUp(() => Promise.reject(new TypeError('x is undefined')));
  await bug.receive(request(2));
  expect(bug.posted).toMatchObject([{ error: { code: 'worker/unexpected', message: 'x is undefined' } }]);
});

it('answers an aborted request no more, and no other is aborted', async () => {
  const signals: AbortSignal[] = [];
  const finish: (() => void)[] = [];
  const { posted, receive } = setUp(async (_, { signal, progress }) => {
    signals.push(signal);
    await new Promise<void>((resolve) => finish.push(resolve));
    progress(1);
    signal.throwIfAborted();
    return 'made';
  });
  const handled = [receive(request(1)), receive(request(2))];
  await receive({ type: 'abort', id: 1 });
  await receive({ type: 'abort', id: 99 });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  for (const resolve of finish) resolve();
  await Promise.all(handled);
  expect(posted).toEqual([
    { type: 'progress', id: 2, progress: 1 },
    { type: 'result', id: 2, result: 'made' },
  ]);
});
