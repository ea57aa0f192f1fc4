/** Cells and channels of a photograph or of a view. */
export interface PooledShape {
  /** D */
  readonly dimensions: number;
  /** K */
  readonly prototypes: number;
  /** The teacher's: divides the dots before the softmax. */
  readonly temperature: number;
}

/** softmax over k of dots/τ for each cell: [cells,K] → [cells,K]. */
export function assign(dots: Float32Array, { prototypes, temperature }: PooledShape): Float32Array {
  const assignment = new Float32Array(dots.length);
  for (let at = 0; at < dots.length; at += prototypes) {
    let max = -Infinity;
    for (let k = 0; k < prototypes; k++) max = Math.max(max, dots[at + k]);
    let sum = 0;
    for (let k = 0; k < prototypes; k++) sum += assignment[at + k] = Math.exp((dots[at + k] - max) / temperature);
    for (let k = 0; k < prototypes; k++) assignment[at + k] /= sum;
  }
  return assignment;
}

/**
 * One slot as `semanticGrouping` pools it (eq. 3 of the paper): the mean of the projections z [cells,D], not normalized, weighted
 * by what each cell assigns to the prototype. The 1e-6 are the published code's.
 */
export function poolSlot(
  z: Float32Array,
  assignment: Float32Array,
  prototype: number,
  { dimensions, prototypes }: PooledShape,
): Float32Array {
  const sums = new Float64Array(dimensions);
  let total = 0;
  for (let cell = 0; cell < z.length / dimensions; cell++) {
    const weight = assignment[cell * prototypes + prototype] + 1e-6;
    total += weight;
    for (let d = 0; d < dimensions; d++) sums[d] += weight * z[cell * dimensions + d];
  }
  return Float32Array.from(sums, (sum) => sum / total);
}

/** Of unit length, as slots are compared in the slot loss. */
export function normalized(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}
