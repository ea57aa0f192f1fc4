import { encode } from 'fast-png';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { REPLAY_SIDE, type ReplayRequest, type ReplayStep } from './messages.ts';
import { drawSheet, type DrawText, type SheetTile } from './sheet.ts';

/** Encodes steps, given one by one, as a file. */
export interface ReplayEncoder {
  add(step: ReplayStep): void;
  finish(): Uint8Array<ArrayBuffer>;
}

/** Smaller images are enlarged. */
const MIN_SIDE = 144;
/** Duration of the last frame of an animation. */
const LAST_FRAME_MS = 2000;
const GIF_COLUMNS = 4;

export function createReplayEncoder(request: ReplayRequest, drawText: DrawText): ReplayEncoder {
  return request.kind === 'gif' ? createGif(request, drawText) : createStrip(request, drawText);
}

function createGif(
  { images, prototypes, opacity, framesPerSecond, steps }: ReplayRequest,
  drawText: DrawText,
): ReplayEncoder {
  const gif = GIFEncoder();
  const side = sideOf(images);
  let frames = 0;
  return {
    add: ({ step, grids }) => {
      const tiles = images.map((image, at) => ({ ...image, grid: grids[at] }));
      const columns = Math.min(GIF_COLUMNS, tiles.length);
      const sheet = drawSheet({ tiles, columns, side, captions: [`step ${step}`], prototypes, opacity }, drawText);
      const palette = quantize(sheet.rgba, 256);
      frames++;
      gif.writeFrame(applyPalette(sheet.rgba, palette), sheet.width, sheet.height, {
        palette,
        delay: frames === steps ? LAST_FRAME_MS : Math.round(1000 / framesPerSecond),
        repeat: 0,
      });
    },
    finish: () => {
      gif.finish();
      return gif.bytes();
    },
  };
}

function createStrip({ images, prototypes, opacity }: ReplayRequest, drawText: DrawText): ReplayEncoder {
  const added: ReplayStep[] = [];
  return {
    add: (step) => void added.push(step),
    finish: () => {
      const tiles = images.flatMap((image, row): SheetTile[] => [
        image,
        ...added.map(({ grids }) => ({ ...image, grid: grids[row] })),
      ]);
      const captions = ['image', ...added.map(({ step }) => `step ${step}`)];
      const columns = captions.length;
      const sheet = drawSheet({ tiles, columns, side: sideOf(images), captions, prototypes, opacity }, drawText);
      return Uint8Array.from(encode({ width: sheet.width, height: sheet.height, data: sheet.rgba, channels: 4 }));
    },
  };
}

function sideOf(images: ReplayRequest['images']): number {
  const largest = Math.max(...images.map(({ pixels }) => Math.max(pixels.width, pixels.height)));
  return Math.min(REPLAY_SIDE, Math.max(largest, MIN_SIDE));
}
