import { errorMessage } from '../lib/errors.ts';
import { createReplayEncoder, type ReplayEncoder } from './encoder.ts';
import type { FromReplay, ToReplay } from './messages.ts';

// A worker of its own, for as long as an export takes: the page stays free, and training goes on.

let encoder: ReplayEncoder | undefined;
const answer = (message: FromReplay, move: Transferable[] = []): void => self.postMessage(message, { transfer: move });

self.addEventListener('message', ({ data }: MessageEvent<ToReplay>) => {
  try {
    take(data);
  } catch (error) {
    answer({ type: 'failed', message: errorMessage(error) });
  }
});

function take(message: ToReplay): void {
  switch (message.type) {
    case 'begin':
      encoder = createReplayEncoder(message.request, drawText);
      return answer({ type: 'ready' });
    case 'step':
      encoder?.add(message.step);
      return answer({ type: 'ready' });
    case 'finish': {
      const bytes = encoder?.finish() ?? new Uint8Array();
      return answer({ type: 'done', bytes }, [bytes.buffer]);
    }
  }
}

function drawText(text: string, width: number, height: number): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) return new Uint8ClampedArray(width * height * 4);
  context.fillStyle = 'rgb(24 25 28)';
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(230 231 234)';
  context.font = '13px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.fillText(text, 2, height / 2 + 1, width - 4);
  return context.getImageData(0, 0, width, height).data;
}
