import { describe, expect, it } from 'vitest';
import { createTrainerClient, type WorkerLike } from './client.ts';
import type { FromWorker } from './protocol.ts';

function connect() {
  const received: FromWorker[] = [];
  const posted: unknown[] = [];
  const listeners: Record<string, (event: unknown) => void> = {};
  const worker = {
    postMessage: (message: unknown) => posted.push(message),
    addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
    terminate: () => undefined,
  } as unknown as WorkerLike;
  const client = createTrainerClient(worker, (message) => received.push(message));
  return { client, received, posted, listeners };
}

describe('createTrainerClient', () => {
  it('turns a crash into trouble', () => {
    const { received, listeners } = connect();
    listeners['error']?.({
      preventDefault: () => undefined,
      message: 'boom',
      filename: 'entry.ts',
      lineno: 3,
      colno: 7,
    });
    expect(received).toMatchObject([{ type: 'trouble', code: 'worker/crashed', detail: 'boom (entry.ts:3:7)' }]);
  });

  it('is silent once closed', () => {
    const { client, received, posted, listeners } = connect();
    client.close();
    listeners['message']?.({ data: { type: 'paused', runId: 1, step: 1 } });
    client.post({ type: 'open' });
    expect([received, posted]).toEqual([[], []]);
  });
});
