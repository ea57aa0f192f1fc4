import type { RgbImage } from '../domain/images.ts';
import { errorMessage } from '../lib/errors.ts';
import { encodePicture } from './encodePicture.ts';
import { createReplayEncoder, type ReplayEncoder } from './encoder.ts';
import type { FromReplay, ToReplay } from './messages.ts';

// A worker that lives as long as one export, so that neither the page nor training has to wait for it.

let encoder: ReplayEncoder | undefined;
const photographs = new Map<number, RgbImage>();
const reply = (message: FromReplay, transfer: Transferable[] = []): void => {
  self.postMessage(message, { transfer });
};

self.addEventListener('message', ({ data }: MessageEvent<ToReplay>) => {
  handle(data).catch((error: unknown) => reply({ type: 'failed', message: errorMessage(error) }));
});

async function handle(message: ToReplay): Promise<void> {
  switch (message.type) {
    case 'photograph':
      photographs.set(message.at, pixelsOf(message.bitmap));
      reply({ type: 'ready' });
      return;
    case 'begin': {
      const { request } = message;
      const images = request.images.map((image, at) => ({ ...image, pixels: photographs.get(at) ?? image.pixels }));
      encoder = createReplayEncoder({ ...request, images }, drawText);
      reply({ type: 'ready' });
      return;
    }
    case 'step':
      encoder?.add(message.step);
      reply({ type: 'ready' });
      return;
    case 'finish': {
      const bytes = encoder?.finish() ?? new Uint8Array();
      reply({ type: 'done', bytes }, [bytes.buffer]);
      return;
    }
    case 'report': {
      const { createReport } = await import('../report/report.ts');
      const bytes = new TextEncoder().encode(await createReport(message.data, encodePicture));
      reply({ type: 'done', bytes }, [bytes.buffer]);
    }
  }
}

function pixelsOf(bitmap: ImageBitmap): RgbImage {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`no canvas of ${width} × ${height} pixels`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, at) => rgba[Math.floor(at / 3) * 4 + (at % 3)]),
  };
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
