import type { Page } from 'playwright';

/** Drags a path over the page and drops it, with all events of a real drag. */
export async function dropPath(
  page: Page,
  path: string,
  whileOver: () => Promise<void> = async () => undefined,
): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    client.send('Input.dispatchDragEvent', {
      type,
      x: 640,
      y: 400,
      data: { items: [], files: [path], dragOperationsMask: 1 },
    });
  await send('dragEnter');
  await send('dragOver');
  await whileOver();
  await send('drop');
  await client.detach();
}
