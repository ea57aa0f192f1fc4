import { encode } from 'fast-png';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { ReplayRequest, ReplayStep } from './messages.ts';
import { drawSheet, type DrawText, type SheetTile } from './sheet.ts';

/** Makes a file of steps that come one by one. */
export interface ReplayEncoder {
  add(step: ReplayStep): void;
  finish(): Uint8Array<ArrayBuffer>;
}

/** Of a picture in an export, in pixels: small ones are enlarged to the first, large ones brought down to the second. */
const [LEAST_SIDE, MOST_SIDE] = [144, 224];
/** The end of an animation is looked at for as long. */
const LAST_FRAME_MS = 2000;
const GIF_COLUMNS = 4;

export function createReplayEncoder(request: ReplayRequest, drawText: DrawText): ReplayEncoder {
  return request.kind === 'gif' ? createGif(request, drawText) : createStrip(request, drawText);
}

function createGif({ pictures, prototypes, opacity, pace, steps }: ReplayRequest, drawText: DrawText): ReplayEncoder {
  const gif = GIFEncoder();
  const side = sideOf(pictures);
  let frames = 0;
  return {
    add: ({ step, labels }) => {
      const tiles = pictures.map((picture, at) => ({ ...picture, labels: labels[at] }));
      const columns = Math.min(GIF_COLUMNS, tiles.length);
      const sheet = drawSheet({ tiles, columns, side, captions: [`step ${step}`], prototypes, opacity }, drawText);
      const palette = quantize(sheet.rgba, 256);
      frames++;
      gif.writeFrame(applyPalette(sheet.rgba, palette), sheet.width, sheet.height, {
        palette,
        delay: frames === steps ? LAST_FRAME_MS : Math.round(1000 / pace),
        repeat: 0,
      });
    },
    finish: () => {
      gif.finish();
      return gif.bytes();
    },
  };
}

function createStrip({ pictures, prototypes, opacity }: ReplayRequest, drawText: DrawText): ReplayEncoder {
  const taken: ReplayStep[] = [];
  return {
    add: (step) => void taken.push(step),
    finish: () => {
      const tiles = pictures.flatMap((picture, row): SheetTile[] => [
        picture,
        ...taken.map(({ labels }) => ({ ...picture, labels: labels[row] })),
      ]);
      const captions = ['image', ...taken.map(({ step }) => `step ${step}`)];
      const columns = captions.length;
      const sheet = drawSheet({ tiles, columns, side: sideOf(pictures), captions, prototypes, opacity }, drawText);
      return Uint8Array.from(encode({ width: sheet.width, height: sheet.height, data: sheet.rgba, channels: 4 }));
    },
  };
}

function sideOf(pictures: ReplayRequest['pictures']): number {
  const largest = Math.max(...pictures.map(({ size }) => size));
  return Math.min(MOST_SIDE, Math.max(largest, LEAST_SIDE));
}
