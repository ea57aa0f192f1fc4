import { expect, it, vi } from 'vitest';
import { createFileWriter } from './fileWriter.ts';

/** Writes a file with a worker that answers with this event; returns the worker too. */
function write(type: 'message' | 'error', event: object) {
  const terminate = vi.fn();
  const listeners: Record<string, (event: unknown) => void> = {};
  const worker = {
    postMessage: () => queueMicrotask(() => listeners[type](event)),
    addEventListener: (of: string, listener: (event: unknown) => void) => (listeners[of] = listener),
    terminate,
  };
  const writeFile = createFileWriter(() => worker);
  return { written: writeFile(['folder', 'file'], new Blob(['content'])), terminate };
}

it.each([
  ['is refused', 'message', { data: { failure: 'no more room' } }, 'no more room'],
  ['has no worker', 'error', { preventDefault: () => undefined }, 'the worker that writes it failed'],
] as const)('a file that %s says why, and its worker ends', async (_, type, event, message) => {
  const { written, terminate } = write(type, event);
  await expect(written).rejects.toThrow(message);
  expect(terminate).toHaveBeenCalledOnce();
});

it('a file that is written resolves, and its worker ends', async () => {
  const { written, terminate } = write('message', { data: {} });
  await expect(written).resolves.toBeUndefined();
  expect(terminate).toHaveBeenCalledOnce();
});
