import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paintCounts } from '../../lib/rle.ts';
import { noisyLabelMaps, type LabelMap } from '../../testing/masks.ts';
import { columnRunsOf, connectRuns, runAt } from './columnRuns.ts';
import { countsOfObjects, findObjects, type MaskObject } from './objects.ts';

type Per = 'class' | 'region';

function objectsOf({ labels, width, height }: LabelMap, per: Per, minRegion = 0) {
  const runs = columnRunsOf(labels, width, height);
  const regions = connectRuns(runs);
  const objects = findObjects(runs, regions, { per, minRegion });
  return { list: objects.list, counts: countsOfObjects(runs, regions, objects) };
}

/** Pixels connected with the first one by their sides, found one by one. */
function flood({ labels, width, height }: LabelMap, first: number): Set<number> {
  const found = new Set([first]);
  for (const at of found) {
    const x = at % width;
    const beside = [x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at, at - width, at + width];
    for (const next of beside) {
      if (next >= 0 && next < width * height && labels[next] === labels[first]) found.add(next);
    }
  }
  return found;
}

/** Object of these pixels, measured one by one. */
function measure(label: number, pixels: Iterable<number>, width: number): MaskObject {
  const all = [...pixels];
  const [xs, ys] = [all.map((at) => at % width), all.map((at) => Math.floor(at / width))];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { label, area: all.length, box: [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1] };
}

it('runs down the columns, starting with a run outside', () => {
  // 0 1 1
  // 0 0 1
  const map = { width: 3, height: 2, labels: Uint16Array.of(0, 1, 1, 0, 0, 1) };
  expect(objectsOf(map, 'class')).toEqual({
    list: [
      { label: 0, area: 3, box: [0, 0, 2, 2] },
      { label: 1, area: 3, box: [1, 0, 2, 2] },
    ],
    counts: [
      [0, 2, 1, 1, 2],
      [2, 1, 1, 2],
    ],
  });
  expect(objectsOf({ width: 2, height: 3, labels: new Uint16Array(6).fill(7) }, 'class').counts).toEqual([[0, 6]]);
});

describe('objects of random label maps', () => {
  it('per class paint the map, with correct area and box', () => {
    fc.assert(
      fc.property(noisyLabelMaps, (map) => {
        const { width, height, labels } = map;
        const painted = { width, height, labels: new Uint16Array(width * height).fill(99) };
        const { list, counts } = objectsOf(map, 'class');
        counts.forEach((own, at) => paintCounts(own, painted, list[at].label));
        expect(painted.labels).toEqual(labels);
        const present = [...new Set(labels)].sort((one, other) => one - other);
        const pixelsOf = (label: number) => [...labels.keys()].filter((at) => labels[at] === label);
        expect(list).toEqual(present.map((label) => measure(label, pixelsOf(label), width)));
      }),
      { seed: 1 },
    );
  });
  it('per region are the regions that flooding finds, but the small ones', () => {
    fc.assert(
      fc.property(noisyLabelMaps, (map) => {
        const { width, height, labels } = map;
        const minRegion = 2.5 / (width * height);
        const painted = { width, height, labels: new Uint16Array(width * height) };
        const { list, counts } = objectsOf(map, 'region', minRegion);
        counts.forEach((own, at) => paintCounts(own, painted, at + 1));
        for (let at = 0; at < labels.length; at++) {
          const region = flood(map, at);
          const object = painted.labels[at];
          expect(new Set([...region].map((pixel) => painted.labels[pixel]))).toEqual(new Set([object]));
          expect(object === 0).toBe(region.size < 3);
          if (object > 0) expect(list[object - 1]).toEqual(measure(labels[at], region, width));
        }
      }),
      { seed: 1 },
    );
  });
});

it('the run of a pixel is found', () => {
  fc.assert(
    fc.property(noisyLabelMaps, ({ width, height, labels }) => {
      const runs = columnRunsOf(labels, width, height);
      for (let at = 0; at < labels.length; at++) {
        const run = runAt(runs, at % width, Math.floor(at / width));
        expect([runs.labels[run], runs.tops[run] <= Math.floor(at / width)]).toEqual([labels[at], true]);
      }
    }),
    { seed: 1 },
  );
});
