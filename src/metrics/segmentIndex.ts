/** A segment: the cells of an image that a prototype wins. */
export interface SegmentId {
  readonly image: number;
  readonly prototype: number;
}

/**
 * Finds similar segments. Stores unit vectors as bytes: a quarter of the memory, for an error of about 1/250 in a cosine.
 */
export interface SegmentIndex {
  readonly count: number;
  /** `vector` need not be normalized. Segments beyond the capacity are ignored. */
  add(segment: SegmentId, vector: Float32Array): void;
  /** The `count` other segments with the largest cosine to this one, best first; empty if it isn't in the index. */
  nearest(segment: SegmentId, count: number): readonly (SegmentId & { readonly cosine: number })[];
}

const CHUNK = 4096;

export function createSegmentIndex(dimensions: number, capacity: number): SegmentIndex {
  const chunks: { readonly vectors: Int8Array; readonly ids: Int32Array; readonly scales: Float32Array }[] = [];
  let count = 0;
  const place = (at: number) => ({ ...chunks[Math.floor(at / CHUNK)], row: at % CHUNK });
  const find = ({ image, prototype }: SegmentId): number => {
    for (let at = 0; at < count; at++) {
      const { ids, row } = place(at);
      if (ids[2 * row] === image && ids[2 * row + 1] === prototype) return at;
    }
    return -1;
  };
  return {
    get count() {
      return count;
    },
    add: ({ image, prototype }, vector) => {
      if (count >= capacity) return;
      if (count % CHUNK === 0) {
        chunks.push({
          vectors: new Int8Array(CHUNK * dimensions),
          ids: new Int32Array(CHUNK * 2),
          scales: new Float32Array(CHUNK),
        });
      }
      const { vectors, ids, scales, row } = place(count);
      count++;
      ids.set([image, prototype], 2 * row);
      const largest = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30);
      const bytes = vectors.subarray(row * dimensions, (row + 1) * dimensions);
      vector.forEach((value, d) => (bytes[d] = Math.round((127 * value) / largest)));
      scales[row] = 1 / Math.sqrt(bytes.reduce((sum, value) => sum + value * value, 0));
    },
    nearest: (segment, wanted) => {
      const own = find(segment);
      if (own < 0) return [];
      const { vectors: all, row: ownRow, scales: ownScales } = place(own);
      const query = all.subarray(ownRow * dimensions, (ownRow + 1) * dimensions);
      const cosines = new Float32Array(count);
      for (let at = 0; at < count; at++) {
        const { vectors, scales, row } = place(at);
        let dot = 0;
        for (let d = 0; d < dimensions; d++) dot += query[d] * vectors[row * dimensions + d];
        cosines[at] = dot * ownScales[ownRow] * scales[row];
      }
      const order = Array.from({ length: count }, (_, at) => at)
        .filter((at) => at !== own)
        .sort((a, b) => cosines[b] - cosines[a] || a - b);
      return order.slice(0, wanted).map((at) => {
        const { ids, row } = place(at);
        return { image: ids[2 * row], prototype: ids[2 * row + 1], cosine: cosines[at] };
      });
    },
  };
}
