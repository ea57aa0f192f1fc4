import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
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

it('does not keep a process alive', () => {
  const script = `import { nextTask } from ${JSON.stringify(new URL('./nextTask.ts', import.meta.url).href)};
    for (let task = 0; task < 100; task++) await nextTask();
    console.log('done');`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })).toBe('done\n');
});
