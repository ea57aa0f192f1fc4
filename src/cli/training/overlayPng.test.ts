import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { Overlay } from '../../domain/reports.ts';
import { dimensionsOf } from '../../testing/images.ts';
import { gridOf } from '../../testing/overlays.ts';
import { overlayPng } from './overlayPng.ts';

it('puts the image on the left and its prototypes on the right', async () => {
  const data = Uint8Array.of(0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255);
  const preview = { width: 2, height: 2, data };
  const grid = gridOf([0, 1, 1, 0], 2, 2);
  const overlay: Overlay = {
    imageIndex: 0,
    path: 'a.png',
    dimensions: dimensionsOf(preview),
    preview,
    grid,
    edges: grid,
  };
  const png = await overlayPng(overlay, [
    [200, 0, 0],
    [0, 0, 100],
  ]);
  const { data: drawn, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([448, 224, 3]);
  const at = (x: number, y: number): number[] => [...drawn.subarray((y * 448 + x) * 3, (y * 448 + x) * 3 + 3)];
  expect([at(0, 0), at(223, 0), at(111, 223), at(112, 112)]).toEqual([0, 100, 200, 255].map((v) => [v, v, v]));
  expect(at(224, 0)).toEqual([130, 0, 0]);
  expect(at(447, 0)).toEqual([35, 35, 100]);
  expect(at(224, 223)).toEqual([70, 70, 135]);
});
