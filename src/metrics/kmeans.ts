import type { Random } from '../lib/random.ts';

export interface KMeans {
  /** clusters × dimensions, row-major. */
  readonly centers: Float64Array;
  /** Sum of squared distances of the fitted points to their centers. */
  readonly inertia: number;
}

export interface KMeansOptions {
  readonly clusters: number;
  readonly dimensions: number;
  /** Number of independent starts; the one with the lowest inertia is returned. */
  readonly restarts?: number;
  readonly maxIterations?: number;
}

/**
 * Lloyd's k-means from k-means++ starts (Arthur & Vassilvitskii 2007): the baseline a segmentation has to beat.
 * `points` are count × dimensions, row-major, with at least as many points as clusters.
 */
export function fitKMeans(points: ArrayLike<number>, options: KMeansOptions, random: Random): KMeans {
  const { restarts = 4, maxIterations = 100 } = options;
  let best: KMeans | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    const centers = spreadCenters(points, options, random.fork(`restart/${restart}`));
    let inertia = Infinity;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      const next = moveCenters(points, centers, options.dimensions);
      const settled = next > inertia * (1 - 1e-6);
      inertia = next;
      if (settled) break;
    }
    if (!best || inertia < best.inertia) best = { centers, inertia };
  }
  if (!best) throw new Error('k-means needs at least one start');
  return best;
}

/** The nearest center of each point, the first of ties. */
export function nearestCenters(points: ArrayLike<number>, centers: Float64Array, dimensions: number): Uint16Array {
  const labels = new Uint16Array(points.length / dimensions);
  for (let point = 0; point < labels.length; point++) labels[point] = nearest(points, point, centers, dimensions).label;
  return labels;
}

/** Each further center is a point drawn in proportion to its squared distance from the centers so far. */
function spreadCenters(
  points: ArrayLike<number>,
  { clusters, dimensions }: KMeansOptions,
  random: Random,
): Float64Array {
  const count = points.length / dimensions;
  const centers = new Float64Array(clusters * dimensions);
  const distances = new Float64Array(count).fill(Infinity);
  let chosen = random.integer(count);
  for (let cluster = 0; cluster < clusters; cluster++) {
    for (let d = 0; d < dimensions; d++) centers[cluster * dimensions + d] = points[chosen * dimensions + d];
    let total = 0;
    for (let point = 0; point < count; point++) {
      distances[point] = Math.min(distances[point], squaredDistance(points, point, centers, cluster, dimensions));
      total += distances[point];
    }
    let left = random.uniform(0, total);
    chosen = 0;
    while (chosen < count - 1 && left >= distances[chosen]) left -= distances[chosen++];
  }
  return centers;
}

/** Runs one iteration in place; returns the inertia before it. A center without points is not moved. */
function moveCenters(points: ArrayLike<number>, centers: Float64Array, dimensions: number): number {
  const sums = new Float64Array(centers.length);
  const counts = new Float64Array(centers.length / dimensions);
  let inertia = 0;
  for (let point = 0; point < points.length / dimensions; point++) {
    const { label, distance } = nearest(points, point, centers, dimensions);
    inertia += distance;
    counts[label]++;
    for (let d = 0; d < dimensions; d++) sums[label * dimensions + d] += points[point * dimensions + d];
  }
  sums.forEach((value, index) => {
    const count = counts[Math.floor(index / dimensions)];
    if (count > 0) centers[index] = value / count;
  });
  return inertia;
}

function nearest(
  points: ArrayLike<number>,
  point: number,
  centers: Float64Array,
  dimensions: number,
): { label: number; distance: number } {
  let label = 0;
  let distance = Infinity;
  for (let cluster = 0; cluster < centers.length / dimensions; cluster++) {
    const candidate = squaredDistance(points, point, centers, cluster, dimensions);
    if (candidate < distance) [label, distance] = [cluster, candidate];
  }
  return { label, distance };
}

function squaredDistance(
  points: ArrayLike<number>,
  point: number,
  centers: Float64Array,
  cluster: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = points[point * dimensions + d] - centers[cluster * dimensions + d];
    sum += difference * difference;
  }
  return sum;
}
