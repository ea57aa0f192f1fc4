import type { CDPSession } from 'playwright';

type Send = (method: string) => Promise<unknown>;

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

/** Bytes of JavaScript objects that are still reachable. */
export async function heapBytes(send: Send): Promise<number> {
  return (await heapUsage(send)).usedSize;
}

/** The same with the content of buffers, which typed arrays hold. */
export async function heapBytesWithBuffers(send: Send): Promise<number> {
  const { usedSize, backingStorageSize } = await heapUsage(send);
  return usedSize + backingStorageSize;
}

async function heapUsage(send: Send): Promise<HeapUsage> {
  await send('HeapProfiler.collectGarbage');
  return (await send('Runtime.getHeapUsage')) as HeapUsage;
}

/**
 * Returns a function that sends protocol commands to the page's first worker that isn't of a `known` address, which may start
 * later: Playwright has sessions for pages only.
 */
export async function attachToWorker(session: CDPSession, known: readonly string[] = []): Promise<Send> {
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker' && !known.includes(targetInfo.url)) resolve(sessionId);
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  const replies = new Map<number, (result: unknown) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    if (id !== undefined) replies.get(id)?.(result);
  });
  let lastId = 0;
  return async (method) => {
    const id = ++lastId;
    const reply = new Promise<unknown>((resolve) => replies.set(id, resolve));
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    return reply;
  };
}
