import { expect, it, vi } from 'vitest';
import { nextTask } from './nextTask.ts';

it('lets in a message that waits', async () => {
  const { port1, port2 } = new MessageChannel();
  const received: unknown[] = [];
  port1.onmessage = ({ data }) => {
    received.push(data);
    port1.close();
  };
  port2.postMessage('stop');
  await Promise.resolve();
  expect(received).toEqual([]);
  await nextTask();
  expect(received).toEqual(['stop']);
});

it('does not keep a process alive', async () => {
  const openPorts = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = openPorts();
  for (let task = 0; task < 100; task++) await nextTask();
  // They close in tasks of their own.
  await vi.waitFor(() => expect(openPorts()).toBeLessThanOrEqual(before));
});
