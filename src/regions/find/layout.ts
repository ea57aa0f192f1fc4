import { UMAP } from 'umap-js';
import type { RegionTable } from '../../domain/regions.ts';
import type { Random } from '../../lib/random.ts';
import { findNeighbors, NEIGHBORS, pointsOf, type Neighbors } from './neighbors.ts';
import { paceWithin, unpaced, type Pace } from './pace.ts';
import { principalPlane } from './principalPlane.ts';

/** Regions that UMAP places; where there are more, the others follow them. */
const PLACED = 10_000;
/** As UMAP counts them: with the region itself. */
const UMAP_NEIGHBORS = NEIGHBORS + 1;
/** Neighbors that a region which UMAP doesn't place is put between. */
const FOLLOWED = 5;
/** Regions that each is compared with where not all are placed, which are near enough: a neighbor in forty is missed. */
const COMPARED = 1024;
/** Positions are told so many times. */
const TOLD = 20;

export interface LayoutOptions {
  readonly random: Random;
  readonly pace?: Pace;
  /** Number of regions that UMAP places at most: 10,000 by default. */
  readonly placed?: number;
  /** Finds the neighbors of all regions among all. */
  readonly findAll?: (pace: Pace) => Promise<Neighbors>;
  /** Positions of all regions so far, [N,2]. */
  readonly onPositions?: (positions: Float32Array, fraction: number) => void;
}

/**
 * Places all regions in a plane, [N,2] within −1 to 1, like beside like: UMAP (McInnes et al. 2018) from the plane of the two principal
 * components. Of more than 10,000 regions it places that many, of each prototype some; the others lie between the nearest of these.
 */
export async function layOutRegions(table: RegionTable, options: LayoutOptions): Promise<Float32Array> {
  const { random, pace = unpaced, onPositions = () => undefined } = options;
  const findAll = options.findAll ?? ((search) => findNeighbors(pointsOf(table), { random, pace: search }));
  const { regions, vectors, origin } = table;
  const placed = choosePlaced(table, options.placed ?? PLACED, random.fork('placed'));
  // UMAP needs more points than neighbors.
  if (placed.length <= UMAP_NEIGHBORS) return scaled(principalPlane(vectors, placed, origin.dimensions, random));
  const search = paceWithin(pace, 0, 0.5);
  const neighbors =
    placed.length === regions.count
      ? await findAll(search)
      : await findNeighbors(pointsOf(table), {
          among: placed,
          compared: COMPARED,
          random: random.fork('neighbors'),
          pace: search,
        });
  const umap = startUmap(placed, neighbors, random.fork('umap'));
  const embedding = umap.instance.getEmbedding();
  const first = principalPlane(vectors, placed, origin.dimensions, random.fork('plane'));
  embedding.forEach((point, at) => {
    [point[0], point[1]] = [first[2 * at], first[2 * at + 1]];
  });
  const optimize = paceWithin(pace, 0.5, 1);
  for (let epoch = 1; epoch <= umap.epochs; epoch++) {
    umap.instance.step();
    if (epoch % Math.ceil(umap.epochs / TOLD) === 0) {
      onPositions(placeAll(embedding, placed, neighbors), 0.5 + epoch / umap.epochs / 2);
    }
    await optimize(epoch / umap.epochs);
  }
  return placeAll(embedding, placed, neighbors);
}

/** At most so many rows, ascending. Half of them are shared equally among the prototypes, so that rare ones have some. */
function choosePlaced({ regions, origin }: RegionTable, max: number, random: Random): Uint32Array {
  if (regions.count <= max) return Uint32Array.from({ length: regions.count }, (_, row) => row);
  const order = random.permutation(regions.count);
  const share = Math.floor(max / 2 / origin.prototypes);
  const counts = new Uint32Array(origin.prototypes);
  const isShared = (row: number): boolean => counts[regions.prototype[row]]++ < share;
  const shared = order.filter(isShared);
  const isChosen = new Set(shared);
  const others = order.filter((row) => !isChosen.has(row)).slice(0, max - shared.length);
  return Uint32Array.from([...shared, ...others]).sort();
}

function startUmap(placed: Uint32Array, { points, cosines, perPoint }: Neighbors, random: Random) {
  const indexOf = new Map([...placed].map((row, at) => [row, at]));
  const instance = new UMAP({ nNeighbors: UMAP_NEIGHBORS, random: () => random.next() });
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (const [at, row] of placed.entries()) {
    const from = row * perPoint;
    indices.push([at, ...Array.from(points.subarray(from, from + perPoint), (point) => indexOf.get(point) ?? -1)]);
    // Copies at a distance of 0 would not be counted as neighbors.
    distances.push([0, ...Array.from(cosines.subarray(from, from + perPoint), (cosine) => Math.max(1e-6, 1 - cosine))]);
  }
  instance.setPrecomputedKNN(indices, distances);
  // Of the points only their number is used where the neighbors are known.
  const epochs = instance.initializeFit(Array.from(placed, () => []));
  return { instance, epochs };
}

/** Positions of all rows: those that follow lie at the mean of the nearest placed ones, which count less the farther they are. */
function placeAll(embedding: readonly (readonly number[])[], placed: Uint32Array, neighbors: Neighbors): Float32Array {
  const { points, cosines, perPoint } = neighbors;
  const positions = new Float32Array((2 * points.length) / perPoint).fill(NaN);
  placed.forEach((row, at) => positions.set(embedding[at], 2 * row));
  for (let row = 0; row < positions.length / 2; row++) {
    if (!Number.isNaN(positions[2 * row])) continue;
    const from = row * perPoint;
    let [x, y, total] = [0, 0, 0];
    for (let at = from; at < from + FOLLOWED && points[at] >= 0; at++) {
      const weight = cosines[at] - cosines[from + FOLLOWED] + 1e-6;
      x += weight * positions[2 * points[at]];
      y += weight * positions[2 * points[at] + 1];
      total += weight;
    }
    positions.set([x / total, y / total], 2 * row);
  }
  return scaled(positions);
}

/** Around the middle of all, within −1 to 1. */
function scaled(positions: Float32Array): Float32Array {
  const range = [0, 1].map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = axis; at < positions.length; at += 2) {
      low = Math.min(low, positions[at]);
      high = Math.max(high, positions[at]);
    }
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  });
  const half = Math.max(...range.map((one) => one.half)) || 1;
  return positions.map((value, at) => (value - range[at % 2].middle) / half);
}
