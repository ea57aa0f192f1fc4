/**
 * Run-length encoding of masks as in COCO (https://github.com/cocodataset/cocoapi, common/maskApi.c): lengths of runs,
 * alternately outside and inside, beginning outside, down the columns from left to right.
 */

/** Pixels of one label in an image. */
export interface Region {
  readonly label: number;
  readonly counts: readonly number[];
  /** Number of pixels. */
  readonly area: number;
  /** x, y, width, height. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

/** Region of every label that occurs, in ascending order. `labels` are [height,width]. */
export function regionsOf(labels: Uint16Array, width: number, height: number): Region[] {
  const open = new Map<number, Growing>();
  const pixels = width * height;
  let start = 0;
  let current = labels[0];
  const close = (end: number): void => {
    const region = open.get(current) ?? grown();
    open.set(current, region);
    addRun(region, start, end, height);
    start = end;
  };
  for (let x = 0, at = 0; x < width; x++) {
    for (let y = 0; y < height; y++, at++) {
      const label = labels[y * width + x];
      if (label === current) continue;
      close(at);
      current = label;
    }
  }
  if (pixels > 0) close(pixels);
  return [...open].sort(([one], [other]) => one - other).map(([label, region]) => finished(label, region, pixels));
}

interface Growing {
  readonly counts: number[];
  /** End of its last run. */
  end: number;
  area: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const grown = (): Growing => ({
  counts: [],
  end: 0,
  area: 0,
  left: Infinity,
  right: -1,
  top: Infinity,
  bottom: -1,
});

function addRun(region: Growing, start: number, end: number, height: number): void {
  region.counts.push(start - region.end, end - start);
  region.end = end;
  region.area += end - start;
  const [first, last] = [Math.floor(start / height), Math.floor((end - 1) / height)];
  // A run across the end of a column continues at the top of the next.
  const [top, bottom] = first === last ? [start % height, (end - 1) % height] : [0, height - 1];
  region.left = Math.min(region.left, first);
  region.right = Math.max(region.right, last);
  region.top = Math.min(region.top, top);
  region.bottom = Math.max(region.bottom, bottom);
}

function finished(label: number, { counts, end, area, left, right, top, bottom }: Growing, pixels: number): Region {
  if (end < pixels) counts.push(pixels - end);
  return { label, counts, area, box: [left, top, right - left + 1, bottom - top + 1] };
}

/** Encodes counts as text: 5 bits per character, lowest first; from the fourth on, the difference to the count two before. */
export function countsToText(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, at) => {
    let rest = at > 2 ? count - counts[at - 2] : count;
    for (let more = true; more;) {
      const bits = rest & 0x1f;
      rest >>= 5;
      // The highest bit is the sign.
      more = (bits & 0x10) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(48 + (more ? bits | 0x20 : bits));
    }
  });
  return text;
}

/** The inverse of `countsToText`. */
export function countsFromText(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, shift] = [0, 0];
    let code: number;
    do {
      code = text.charCodeAt(at++) - 48;
      value |= (code & 0x1f) << shift;
      shift += 5;
    } while ((code & 0x20) !== 0 && at < text.length);
    if ((code & 0x10) !== 0) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}

/** Sets the pixels inside to `label`; `labels` are [height,width]. */
export function paintCounts(
  counts: readonly number[],
  {
    labels,
    width,
    height,
  }: { readonly labels: Uint16Array | Uint32Array; readonly width: number; readonly height: number },
  label: number,
): void {
  let at = 0;
  counts.forEach((count, turn) => {
    for (const end = at + count; at < end; at++) {
      if (turn % 2 === 1) labels[(at % height) * width + Math.floor(at / height)] = label;
    }
  });
}
