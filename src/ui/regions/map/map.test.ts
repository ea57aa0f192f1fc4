import { describe, expect, it } from 'vitest';
import { centerOn, fitMap, panMap, pixelAt, mapPlaceAt, zoomMap } from './mapWindow.ts';
import { boundsOf, nearestPoint, pointsInside } from './findPoints.ts';
import { splat } from './splat.ts';

const STAGE = { width: 200, height: 100 };
const POINTS = Float32Array.of(0, 0, 10, 0, 10, 5, 0, 5, 5, 2.5);

describe('the window of the map', () => {
  const bounds = boundsOf(POINTS);

  it('fits all points with a margin, in the middle', () => {
    const window = fitMap(bounds, STAGE);
    expect(pixelAt(window, { x: 5, y: 2.5 })).toEqual({ x: 100, y: 50 });
    const corner = pixelAt(window, { x: 0, y: 0 });
    expect([corner.x, corner.y].map((pixel) => Math.round(pixel))).toEqual([10, 5]);
  });

  it('keeps the place under the pointer while zooming, and the map in sight while panning', () => {
    const at = { x: 30, y: 70 };
    const before = fitMap(bounds, STAGE);
    const zoomed = zoomMap(before, 1.5, at, bounds, STAGE);
    expect(mapPlaceAt(zoomed, at).x).toBeCloseTo(mapPlaceAt(before, at).x);
    expect(mapPlaceAt(zoomed, at).y).toBeCloseTo(mapPlaceAt(before, at).y);
    const far = panMap(before, { x: -9000, y: 0 }, bounds, STAGE);
    expect(mapPlaceAt(far, { x: 100, y: 50 })).toEqual({ x: 10, y: 2.5 });
  });
});

describe('the points of the map', () => {
  it('are found by the nearest within reach', () => {
    expect(nearestPoint(POINTS, { x: 9.5, y: 4.8 }, 1)).toBe(2);
    expect(nearestPoint(POINTS, { x: 5, y: 0 }, 1)).toBeUndefined();
    expect(nearestPoint(POINTS, { x: 10, y: 2.5 }, 2.5)).toBe(1);
    expect(nearestPoint(new Float32Array(), { x: 0, y: 0 }, 9)).toBeUndefined();
  });

  it('are found inside a lasso that is not convex', () => {
    // A "U" that goes around the middle point.
    const lasso = [
      [-1, -1],
      [11, -1],
      [11, 6],
      [8, 6],
      [8, 1],
      [2, 1],
      [2, 6],
      [-1, 6],
    ].map(([x, y]) => ({ x, y }));
    expect([...pointsInside(POINTS, lasso)]).toEqual([0, 1, 2, 3]);
    expect([...pointsInside(POINTS, lasso.slice(0, 2))]).toEqual([]);
  });
});

/** Draws to the end; returns the number of slices. */
const draw = (slices: Iterable<undefined>): number => [...slices].length;

describe('drawing', () => {
  it('draws discs, cut at the border, later points over earlier ones', () => {
    const raster = { width: 6, height: 3, words: new Uint32Array(18) };
    const window = centerOn({ x: 3, y: 1.5 }, 1, raster);
    draw(splat(raster, window, Float32Array.of(0.5, 0.5, 4.5, 1.5, 9, 9, 4.5, 2.5), Uint32Array.of(1, 2, 3, 4), 1));
    const rows = [0, 1, 2].map((row) => raster.words.slice(6 * row, 6 * row + 6).join(''));
    expect(rows).toEqual(['110020', '100242', '000444']);
    draw(splat(raster, window, Float32Array.of(0.5, 0.5, 2.5, 0.5), Uint32Array.of(7, 8), 0, Uint32Array.of(1)));
    expect(raster.words.slice(0, 6).join('')).toBe('118020');
  });

  it('draws no point of color 0', () => {
    const raster = { width: 2, height: 2, words: new Uint32Array(4) };
    draw(splat(raster, { left: 0, top: 0, scale: 1 }, Float32Array.of(0.5, 0.5), Uint32Array.of(0), 5));
    expect([...raster.words]).toEqual([0, 0, 0, 0]);
  });

  it('draws many points in slices, each once', () => {
    const raster = { width: 300, height: 200, words: new Uint32Array(60_000) };
    const positions = Float32Array.from({ length: 2 * 50_000 }, (_, at) =>
      at % 2 === 0 ? (at / 2) % 300 : Math.floor(at / 600),
    );
    expect(draw(splat(raster, { left: 0, top: 0, scale: 1 }, positions, 9, 0))).toBeGreaterThan(1);
    expect(raster.words.findIndex((word) => word === 0)).toBe(50_000);
  });
});
