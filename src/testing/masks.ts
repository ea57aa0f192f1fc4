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

/** Pixels whose centers lie inside of a closed line x, y, x, y, …: by the even-odd and by the nonzero rule. */
export function fillRing(ring: readonly number[], width: number, height: number) {
  const [evenOdd, nonzero] = [new Uint8Array(width * height), new Uint8Array(width * height)];
  for (let y = 0; y < height; y++) {
    const crossings: { readonly x: number; readonly turn: number }[] = [];
    for (let at = 0; at < ring.length; at += 2) {
      const next = (at + 2) % ring.length;
      const [fromY, toY] = [ring[at + 1], ring[next + 1]];
      if (fromY > y + 0.5 === toY > y + 0.5) continue;
      const x = ring[at] + ((y + 0.5 - fromY) * (ring[next] - ring[at])) / (toY - fromY);
      crossings.push({ x, turn: Math.sign(toY - fromY) });
    }
    for (let x = 0; x < width; x++) {
      const left = crossings.filter((crossing) => crossing.x <= x + 0.5);
      evenOdd[y * width + x] = left.length % 2;
      nonzero[y * width + x] = left.reduce((sum, { turn }) => sum + turn, 0) === 0 ? 0 : 1;
    }
  }
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
