import type { MaskOptions } from '../../domain/maskForms.ts';
import type { Orientation } from '../../domain/images.ts';
import { columnRunsOf, connectRuns, runAt, type ColumnRuns, type Regions } from './columnRuns.ts';
import { findObjects, type MaskObjects } from './objects.ts';
import { simplifyRing } from './simplifyRing.ts';
import { signedArea, traceRings, type Ring } from './traceRings.ts';

/** Class of each pixel of an image, in the size of its file, upright. */
export interface ClassMask {
  readonly imageIndex: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** How the file stores the image. */
  readonly orientation: Orientation;
  /** Class indices, [height,width]. */
  readonly labels: Uint16Array;
}

/** A mask with what forms derive from it, each computed once when it is asked for. */
export interface ImageMask extends ClassMask {
  runs(): ColumnRuns;
  regions(): Regions;
  objects(): MaskObjects;
  /** Outlines of each object: per connected region the outer ring, followed by its holes. */
  outlines(): readonly (readonly (readonly Ring[])[])[];
}

export function createImageMask(mask: ClassMask, options: MaskOptions): ImageMask {
  const { labels, width, height } = mask;
  const runs = once(() => columnRunsOf(labels, width, height));
  const regions = once(() => connectRuns(runs()));
  const objects = once(() => findObjects(runs(), regions(), options));
  return { ...mask, runs, regions, objects, outlines: once(() => traceObjects(mask, runs(), regions(), objects())) };
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => (known ??= { value: compute() }).value;
}

function traceObjects(
  { labels, width, height }: ClassMask,
  runs: ColumnRuns,
  { count, ofRun }: Regions,
  { list, ofRegion }: MaskObjects,
): Ring[][][] {
  const rings: Ring[][] = Array.from({ length: count }, () => []);
  traceRings(labels, width, height, (ring, x, y) => {
    const region = ofRun[runAt(runs, x, y)];
    if (ofRegion[region] < 0) return;
    const simplified = simplifyRing(ring);
    if (signedArea(ring) > 0) rings[region].unshift(simplified);
    else rings[region].push(simplified);
  });
  const outlines: Ring[][][] = list.map(() => []);
  rings.forEach((own, region) => {
    if (ofRegion[region] >= 0) outlines[ofRegion[region]].push(own);
  });
  return outlines;
}
