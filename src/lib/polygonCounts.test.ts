import { describe, expect, it } from 'vitest';
import { python } from '../testing/python.ts';
import { polygonCounts } from './polygonCounts.ts';
import { createRandom } from './random.ts';
import { countsToText, paintCounts } from './rle.ts';

/** Rows of the pixels of a polygon. */
function drawn(polygon: readonly number[], width: number, height: number): string[] {
  const labels = new Uint16Array(width * height);
  paintCounts(polygonCounts(polygon, width, height), { labels, width, height }, 1);
  return Array.from({ length: height }, (_, y) => [...labels.subarray(y * width, (y + 1) * width)].join(''));
}

describe('pixels of a polygon', () => {
  it('are those whose centers are inside', () => {
    // Worked by hand: the diagonal is x + y = 5, and centers on it are outside.
    expect(drawn([1, 0, 5, 0, 1, 4], 6, 5)).toEqual(['011100', '011000', '010000', '000000', '000000']);
    expect(drawn([1.5, 1.5, 3.5, 1.5, 3.5, 3.5, 1.5, 3.5], 5, 5)).toEqual([
      '00000',
      '00000',
      '00110',
      '00110',
      '00000',
    ]);
  });

  it('end at the border of the image, and overlap themselves by turns', () => {
    expect(drawn([-3, -3, 2, -3, 2, 9, -3, 9], 4, 3)).toEqual(['1100', '1100', '1100']);
    // An hourglass.
    expect(drawn([0, 0, 4, 4, 4, 0, 0, 4], 4, 4)).toEqual(['1001', '1111', '1001', '0000']);
    expect(polygonCounts([1, 1, 1, 1, 1, 1], 3, 3)).toEqual([9]);
  });

  it('are what pycocotools says', () => {
    // Written by pycocotools 2.0.11 for a star in 20×15.
    const star = [10, 0.5, 12.2, 5.7, 18, 6, 13.6, 9.4, 15, 14.3, 10, 11.2, 5, 14.3, 6.4, 9.4, 2, 6, 7.8, 5.7];
    expect(polygonCounts(star, 20, 15)).toEqual(STAR_COUNTS);
  });
});

const STAR_COUNTS = [
  51, 1, 14, 2, 13, 3, 4, 1, 7, 7, 8, 7, 6, 8, 5, 9, 6, 9, 8, 8, 9, 7, 8, 7, 8, 3, 4, 1, 7, 2, 13, 1, 53,
];

const pycocotools = python('pycocotools');
it.skipIf(!pycocotools)('random polygons equal those of pycocotools', () => {
  const random = createRandom('polygons');
  const polygons = Array.from({ length: 200 }, () =>
    Array.from({ length: 2 * (3 + random.integer(8)) }, () => random.uniform(-10, 50)),
  );
  const program = `
import pycocotools.mask as masks
polygons = json.loads(data)
print(json.dumps([masks.frPyObjects([one], 31, 43)[0]["counts"].decode() for one in polygons]))`;
  const text = pycocotools?.(program, new TextEncoder().encode(JSON.stringify(polygons))) ?? '';
  expect(polygons.map((one) => countsToText(polygonCounts(one, 43, 31)))).toEqual(JSON.parse(text));
});
