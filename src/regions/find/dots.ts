/** Dot of two rows of vectors [·,D]. */
export function dotOf(a: Float32Array, row: number, b: Float32Array, other: number, dimensions: number): number {
  let sum = 0;
  const [from, against] = [row * dimensions, other * dimensions];
  for (let d = 0; d < dimensions; d++) sum += a[from + d] * b[against + d];
  return sum;
}

/** Copies rows of vectors [·,D] next to each other. */
export function gatherRows(
  vectors: Float32Array,
  rows: ArrayLike<number>,
  dimensions: number,
  into: Float32Array,
): void {
  for (let at = 0; at < rows.length; at++) {
    const from = rows[at] * dimensions;
    into.set(vectors.subarray(from, from + dimensions), at * dimensions);
  }
}
