import { describe, expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { coarseLabels, createSlotGrid, labelAt, OUTSIDE, slotGridBytes, slotLabels, wholeWindow } from './slotGrid.ts';

/** Every prototype at every pixel, in plain loops. */
function interpolatedArgmax(dots: Float32Array, prototypes: number, rows: number, columns: number) {
  return (imageWidth: number, imageHeight: number, x: number, y: number): number => {
    const place = (pixel: number, cells: number, size: number) => {
      const position = Math.max(0, ((pixel + 0.5) * cells) / size - 0.5);
      const before = Math.min(cells - 1, Math.floor(position));
      return { before, after: Math.min(before + 1, cells - 1), weight: position - before };
    };
    const [across, down] = [place(x, columns, imageWidth), place(y, rows, imageHeight)];
    const along = (row: number, column: number, prototype: number): number =>
      dots[(row * columns + column) * prototypes + prototype];
    let [winner, max] = [0, -Infinity];
    for (let k = 0; k < prototypes; k++) {
      const line = (column: number): number =>
        Math.fround((1 - down.weight) * along(down.before, column, k) + down.weight * along(down.after, column, k));
      const value = (1 - across.weight) * line(across.before) + across.weight * line(across.after);
      if (value > max) [winner, max] = [k, value];
    }
    return winner;
  };
}

function randomDots(seed: string, length: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.uniform(-1, 1));
}

describe('slotLabels', () => {
  it.each([
    [1, 1, 3, 5, 4],
    [1, 4, 2, 7, 3],
    [3, 2, 16, 31, 17],
    [5, 7, 64, 40, 40],
    [6, 6, 9, 6, 6],
    [8, 5, 5, 3, 2],
  ])('equals plain loops over all prototypes: %i×%i cells, K %i, %i×%i pixels', (rows, columns, k, width, height) => {
    const dots = randomDots(`${rows} ${columns} ${k}`, rows * columns * k);
    const expected = interpolatedArgmax(dots, k, rows, columns);
    const labels = slotLabels(createSlotGrid(dots, k, rows, columns), wholeWindow(width, height));
    for (let at = 0; at < labels.length; at++) {
      expect(labels[at]).toBe(expected(width, height, at % width, Math.floor(at / width)));
    }
  });

  it('lets the first of equals win, also where they are equal along an edge only', () => {
    const cells = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 1, 1],
      [0, 1, 1],
    ];
    const labels = slotLabels(createSlotGrid(Float32Array.from(cells.flat()), 3, 2, 2), wholeWindow(2, 2));
    expect([...labels]).toEqual([0, 0, 1, 1]);
  });

  it('gives any part at any scale the labels of the whole, and OUTSIDE beyond it', () => {
    const grid = createSlotGrid(randomDots('window', 4 * 6 * 8), 8, 4, 6);
    const whole = slotLabels(grid, wholeWindow(60, 40));
    const part = slotLabels(grid, { imageWidth: 60, imageHeight: 40, left: -5, top: 30, width: 70, height: 20 });
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 70; x++) {
        const [column, row] = [x - 5, y + 30];
        const inside = column >= 0 && column < 60 && row < 40;
        expect(part[y * 70 + x]).toBe(inside ? whole[row * 60 + column] : OUTSIDE);
      }
    }
    expect(labelAt(grid, 10.5 / 60, 20.5 / 40)).toBe(whole[20 * 60 + 10]);
    expect([labelAt(grid, 1, 0.5), labelAt(grid, 0.5, -0.1)]).toEqual([undefined, undefined]);
  });

  it('gives merged prototypes the label of their first', () => {
    const grid = createSlotGrid(randomDots('merged', 5 * 5 * 6), 6, 5, 5);
    const leaders = Uint16Array.of(0, 0, 2, 3, 2, 0);
    const merged = slotLabels({ ...grid, leaders }, wholeWindow(23, 19));
    expect(merged).toEqual(slotLabels(grid, wholeWindow(23, 19)).map((label) => leaders[label]));
  });
});

it('keeps few prototypes of slots that are smooth, and all labels', () => {
  const [rows, columns, k] = [12, 18, 256];
  const random = createRandom('smooth');
  const centers = Array.from({ length: k }, () => [random.uniform(0, rows), random.uniform(0, columns)] as const);
  const dots = Float32Array.from({ length: rows * columns * k }, (_, at) => {
    const [cell, [y, x]] = [Math.floor(at / k), centers[at % k]];
    return -Math.hypot(y - Math.floor(cell / columns), x - (cell % columns)) / 20;
  });
  const grid = createSlotGrid(dots, k, rows, columns);
  expect(slotGridBytes(grid)).toBeLessThan(0.1 * dots.byteLength);
  expect(coarseLabels(grid)).toHaveLength(16 * rows * columns);
  expect(coarseLabels(grid)).toBe(coarseLabels(grid));
});

it('adds to each value its slope times the gray of the pixel', () => {
  const [rows, columns, k, width, height] = [4, 5, 12, 33, 26];
  const dots = randomDots('offsets', rows * columns * k);
  const slopes = randomDots('slopes', rows * columns * k);
  const random = createRandom('gray');
  const gray = Float32Array.from({ length: width * height }, () => random.uniform(-0.5, 0.5));
  const labels = slotLabels(createSlotGrid(dots, k, rows, columns, slopes), wholeWindow(width, height), gray);
  for (let at = 0; at < labels.length; at++) {
    const shaded = dots.map((dot, index) => dot + gray[at] * slopes[index]);
    const expected = interpolatedArgmax(shaded, k, rows, columns);
    expect(labels[at]).toBe(expected(width, height, at % width, Math.floor(at / width)));
  }
});
