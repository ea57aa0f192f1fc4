import type { MaskOptions } from '../../domain/maskForms.ts';
import { eachRun, type ColumnRuns, type Regions } from './columnRuns.ts';

/** What a form writes as one annotation: a class of an image, or a connected region of it. */
export interface MaskObject {
  /** Class index. */
  readonly label: number;
  /** Number of pixels. */
  readonly area: number;
  /** x, y, width, height. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

export interface MaskObjects {
  /** By class, and by falling area within a class. */
  readonly list: readonly MaskObject[];
  /** Object of each region; −1 if it is left out as too small. */
  readonly ofRegion: Int32Array;
}

export function findObjects(
  runs: ColumnRuns,
  regions: Regions,
  { per, minRegion }: Pick<MaskOptions, 'per' | 'minRegion'>,
): MaskObjects {
  const measured = measureRegions(runs, regions);
  const minArea = per === 'region' ? minRegion * runs.width * runs.height : 0;
  const wanted = [...measured.keys()]
    .filter((region) => measured[region].area >= minArea)
    .sort((one, other) => measured[one].label - measured[other].label || measured[other].area - measured[one].area);
  const ofRegion = new Int32Array(regions.count).fill(-1);
  const list: Growing[] = [];
  for (const region of wanted) {
    const part = measured[region];
    const last = list.at(-1);
    if (per === 'class' && last?.label === part.label) join(last, part);
    else list.push({ ...part });
    ofRegion[region] = list.length - 1;
  }
  return { list: list.map(finished), ofRegion };
}

interface Growing {
  readonly label: number;
  area: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function measureRegions(runs: ColumnRuns, { count, ofRun }: Regions): Growing[] {
  const measured = new Array<Growing>(count);
  eachRun(runs, (run, x, end) => {
    const [label, top] = [runs.labels[run], runs.tops[run]];
    const part = { label, area: end - top, left: x, right: x + 1, top, bottom: end };
    const known = measured.at(ofRun[run]);
    if (known) join(known, part);
    else measured[ofRun[run]] = part;
  });
  return measured;
}

function join(one: Growing, other: Growing): void {
  one.area += other.area;
  one.left = Math.min(one.left, other.left);
  one.right = Math.max(one.right, other.right);
  one.top = Math.min(one.top, other.top);
  one.bottom = Math.max(one.bottom, other.bottom);
}

function finished({ label, area, left, right, top, bottom }: Growing): MaskObject {
  return { label, area, box: [left, top, right - left, bottom - top] };
}

/**
 * Run lengths of each object as COCO has them: alternately outside and inside, beginning outside, down the columns from
 * left to right.
 */
export function countsOfObjects(runs: ColumnRuns, { ofRun }: Regions, { list, ofRegion }: MaskObjects): number[][] {
  const counts: number[][] = list.map(() => []);
  const ends = new Float64Array(list.length);
  eachRun(runs, (run, x, end) => {
    const object = ofRegion[ofRun[run]];
    if (object < 0) return;
    const start = x * runs.height + runs.tops[run];
    const length = end - runs.tops[run];
    const own = counts[object];
    // A run that reaches the end of its column may continue at the top of the next.
    if (own.length > 0 && ends[object] === start) own[own.length - 1] += length;
    else own.push(start - ends[object], length);
    ends[object] = start + length;
  });
  const pixels = runs.width * runs.height;
  counts.forEach((own, object) => {
    if (ends[object] < pixels) own.push(pixels - ends[object]);
  });
  return counts;
}
