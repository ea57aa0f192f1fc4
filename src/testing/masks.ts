import fc from 'fast-check';
import { createRandom } from '../lib/random.ts';

/** Labels of an image, [height,width]. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint16Array;
}

/** Small label maps without any order: every constellation of pixels occurs. */
export const noisyLabelMaps: fc.Arbitrary<LabelMap> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(3), { minLength: width * height, maxLength: width * height })
      .map((labels) => ({ width, height, labels: Uint16Array.from(labels) })),
  );

/** Labels with round borders, islands and holes, as models make them: each pixel has the strongest of some waves. */
export function wavyLabelMap(width: number, height: number, classes: number, seed: string): LabelMap {
  const random = createRandom(seed);
  const waves = Array.from({ length: classes }, () =>
    Array.from({ length: 3 }, () => [random.uniform(-9, 9), random.uniform(-9, 9), random.uniform(0, 6)]),
  );
  const scale = 1 / Math.max(width, height);
  const labels = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const heights = waves.map((own) =>
        own.reduce((sum, [across, down, phase]) => sum + Math.sin((across * x + down * y) * 2 * scale + phase), 0),
      );
      labels[y * width + x] = heights.indexOf(Math.max(...heights));
    }
  }
  return { width, height, labels };
}

/** Pixels whose centers lie inside of closed lines x, y, x, y, …: by the even-odd and by the nonzero rule. */
export function fillRings(rings: readonly (readonly number[])[], width: number, height: number) {
  const crossings = Array.from({ length: height }, (): { readonly x: number; readonly turn: number }[] => []);
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const next = (at + 2) % ring.length;
      const [fromX, fromY, toX, toY] = [ring[at], ring[at + 1], ring[next], ring[next + 1]];
      const [top, bottom] = [Math.min(fromY, toY), Math.max(fromY, toY)];
      for (let y = Math.ceil(top - 0.5); y + 0.5 < bottom; y++) {
        const x = fromX + ((y + 0.5 - fromY) * (toX - fromX)) / (toY - fromY);
        crossings[y].push({ x, turn: Math.sign(toY - fromY) });
      }
    }
  }
  const [evenOdd, nonzero] = [new Uint8Array(width * height), new Uint8Array(width * height)];
  crossings.forEach((row, y) => {
    row.sort((one, other) => one.x - other.x);
    for (let x = 0, passed = 0, turns = 0; x < width; x++) {
      for (; passed < row.length && row[passed].x <= x + 0.5; passed++) turns += row[passed].turn;
      evenOdd[y * width + x] = passed % 2;
      nonzero[y * width + x] = turns === 0 ? 0 : 1;
    }
  });
  return { evenOdd, nonzero };
}

/** Intersection over union of two sets of pixels. */
export function overlapOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < one.length; at++) {
    if (one[at] !== 0 && other[at] !== 0) both += 1;
    if (one[at] !== 0 || other[at] !== 0) either += 1;
  }
  return both / either;
}
