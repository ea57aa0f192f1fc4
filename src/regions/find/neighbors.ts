import type { RegionTable } from '../../domain/regions.ts';
import type { Random } from '../../lib/random.ts';
import { dotOf } from './dots.ts';
import { fitCenters, groupByLabel, nearestCenter } from './divideRows.ts';
import { paceWithin, unpaced, type Pace } from './pace.ts';
import { createTiles } from './tiles.ts';

/** Vectors of unit length, [N,D]. */
export interface Points {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  /** [N]: points of a group are no neighbors of each other. */
  readonly groups: Uint32Array;
}

/** The nearest k neighbors of each point by cosine, the nearest in front. */
export interface Neighbors {
  /** k */
  readonly perPoint: number;
  /** [N,k]; −1 where there are fewer. */
  readonly points: Int32Array;
  /** [N,k]; −1 where there are fewer. */
  readonly cosines: Float32Array;
}

export interface NeighborOptions {
  /** NEIGHBORS by default. */
  readonly perPoint?: number;
  readonly random: Random;
  /** The points that may be neighbors, ascending; all of them by default. */
  readonly among?: Uint32Array;
  readonly pace?: Pace;
  /** Number of points that each is compared with at least, if there are so many: 4096 by default. */
  readonly compared?: number;
}

/** Of a region, where nothing else is said. */
export const NEIGHBORS = 14;
const COMPARED = 4096;

/** Regions as points: those of a photograph are no neighbors of each other. */
export function pointsOf({ vectors, regions, origin }: RegionTable): Points {
  return { vectors, dimensions: origin.dimensions, groups: regions.image };
}

/**
 * Exact for up to 4096 points that may be neighbors. Beyond, the points are divided into cells around centers, about √N, and each is
 * compared with those of its own cell and of the next ones: of a hundred thousand it misses a few neighbors in a hundred, in a
 * twentieth of the time.
 */
export async function findNeighbors(points: Points, options: NeighborOptions): Promise<Neighbors> {
  const { vectors, dimensions, groups } = points;
  const { perPoint = NEIGHBORS, random, pace = unpaced, compared = COMPARED } = options;
  const count = groups.length;
  const all = Uint32Array.from({ length: count }, (_, point) => point);
  const among = options.among ?? all;
  const nearest = createNearest(count, perPoint);
  const multiply = createTiles(dimensions);
  const compare = (rows: Uint32Array, others: Uint32Array, onTile: () => Promise<void>): Promise<void> =>
    multiply(
      [vectors, rows],
      [vectors, others],
      (few, some, dots, stride) => {
        for (let r = 0; r < few.length; r++) {
          const group = groups[few[r]];
          for (let o = 0; o < some.length; o++) {
            if (groups[some[o]] !== group) nearest.add(few[r], some[o], dots[r * stride + o]);
          }
        }
      },
      onTile,
    );
  if (among.length <= compared) {
    const PER_PIECE = 1024;
    for (let at = 0; at < count; at += PER_PIECE) {
      await compare(all.subarray(at, at + PER_PIECE), among, () => pace(at / count));
    }
    return nearest;
  }
  const centers = fitCenters(vectors, among, dimensions, Math.round(Math.sqrt(among.length)), random);
  const cells = centers.length / dimensions;
  const cellOf = await nearestCenter(vectors, count, centers, dimensions, paceWithin(pace, 0, 0.1));
  const rowsOf = groupByLabel(all, cellOf, cells);
  const othersOf = groupByLabel(among, cellOf, cells);
  const search = paceWithin(pace, 0.1, 1);
  let done = 0;
  for (let cell = 0; cell < cells; cell++) {
    const others = gatherNear(cell, centers, dimensions, othersOf, compared);
    await compare(rowsOf(cell), others, () => search(done / count));
    done += rowsOf(cell).length;
  }
  return nearest;
}

/** Members of the nearest cells, this one's in front, until there are enough. */
function gatherNear(
  cell: number,
  centers: Float32Array,
  dimensions: number,
  members: (cell: number) => Uint32Array,
  atLeast: number,
): Uint32Array {
  const dots = Float32Array.from({ length: centers.length / dimensions }, (_, other) =>
    dotOf(centers, cell, centers, other, dimensions),
  );
  const order = Uint32Array.from(dots, (_, other) => other).sort((a, b) => dots[b] - dots[a]);
  const near: Uint32Array[] = [];
  let count = 0;
  for (const other of order) {
    if (count >= atLeast) break;
    near.push(members(other));
    count += members(other).length;
  }
  const joined = new Uint32Array(count);
  let at = 0;
  for (const some of near) {
    joined.set(some, at);
    at += some.length;
  }
  return joined;
}

/** The nearest of those that are added, for each point. */
function createNearest(count: number, perPoint: number) {
  const points = new Int32Array(count * perPoint).fill(-1);
  const cosines = new Float32Array(count * perPoint).fill(-1);
  return {
    perPoint,
    points,
    cosines,
    add: (point: number, other: number, cosine: number): void => {
      const first = point * perPoint;
      let at = first + perPoint - 1;
      if (cosine <= cosines[at]) return;
      for (; at > first && cosines[at - 1] < cosine; at--) {
        cosines[at] = cosines[at - 1];
        points[at] = points[at - 1];
      }
      cosines[at] = cosine;
      points[at] = other;
    },
  };
}
