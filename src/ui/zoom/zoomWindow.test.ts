import { describe, expect, it } from 'vitest';
import { copySide, fitWindow, isFitted, panBy, placeAt, toStage, zoomAt } from './zoomWindow.ts';

const [size, stage] = [
  { width: 100, height: 100 },
  { width: 600, height: 400 },
];
const fitted = fitWindow(size, stage);

describe('the window onto a picture', () => {
  it('shows all of it in the middle at first', () => {
    expect(fitted).toEqual({ left: -25, top: 0, scale: 4 });
    expect(placeAt(fitted, 100, 0, size)).toEqual({ x: 0, y: 0 });
    expect(placeAt(fitted, 499, 399, size)).toEqual({ x: 399 / 400, y: 399 / 400 });
    expect(placeAt(fitted, 99, 200, size)).toBeUndefined();
    expect(fitWindow({ width: 300, height: 100 }, stage)).toEqual({ left: 0, top: -50, scale: 2 });
  });

  it('keeps what is under the pointer there while it is enlarged and back', () => {
    const near = zoomAt(fitted, 3, 350, 220, size, stage);
    expect(near.scale).toBe(12);
    expect(placeAt(near, 350, 220, size)?.x).toBeCloseTo(placeAt(fitted, 350, 220, size)?.x ?? NaN);
    expect(isFitted(near, size, stage)).toBe(false);
    expect(zoomAt(near, 1 / 3, 350, 220, size, stage)).toEqual(fitted);
  });

  it('keeps its middle and its scale on a smaller stage; all of it stays all of it', () => {
    const half = { width: 300, height: 400 };
    const near = zoomAt(fitted, 4, 300, 200, size, stage);
    const moved = toStage(near, stage, half, size);
    expect(moved.scale).toBe(near.scale);
    expect(placeAt(moved, 150, 200, size)?.x).toBeCloseTo(placeAt(near, 300, 200, size)?.x ?? NaN);
    expect(toStage(fitted, stage, half, size)).toEqual(fitWindow(size, half));
  });

  it('never goes below the whole picture, nor beyond its edges, nor without end', () => {
    expect(zoomAt(fitted, 0.1, 0, 0, size, stage)).toEqual(fitted);
    expect(zoomAt(fitted, 1e9, 300, 200, size, stage).scale).toBe(48);
    const near = zoomAt(fitted, 4, 300, 200, size, stage);
    expect(panBy(near, 1e6, 1e6, size, stage)).toMatchObject({ left: 0, top: 0 });
    expect(panBy(near, -1e6, -1e6, size, stage)).toMatchObject({ left: 100 - 600 / 16, top: 75 });
    expect(panBy(near, -16, 32, size, stage)).toMatchObject({ left: near.left + 1, top: near.top - 2 });
  });

  it('is drawn from a copy at half its size or more, and never one larger than the file', () => {
    const file = { width: 4000, height: 3000 };
    const sides = [0.1, 0.24, 0.25, 0.4, 0.5, 0.9, 1, 6].map((scale) => copySide(file, scale));
    expect(sides).toEqual([500, 1000, 1000, 2000, 2000, 4000, 4000, 4000]);
    expect(copySide({ width: 3, height: 5 }, 0.4)).toBe(3);
  });
});
