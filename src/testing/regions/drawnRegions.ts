import type { RegionTable } from '../../domain/regions.ts';
import { createRandom } from '../../lib/random.ts';

export interface DrawnRegions {
  readonly photographs: number;
  /** Regions of each photograph. */
  readonly perPhotograph: number;
  readonly prototypes: number;
  readonly dimensions: number;
  /** Deviation of a region's vector from that of its prototype, relative to its length. */
  readonly spread: number;
}

const DEFAULT_DRAWN: DrawnRegions = { photographs: 50, perPhotograph: 4, prototypes: 8, dimensions: 16, spread: 0.5 };

/** A table of random regions in clusters, one for each prototype. Each region of a photograph is a band of its cells. */
export function drawnRegions(given: Partial<DrawnRegions> = {}, seed = 0): RegionTable {
  const { photographs, perPhotograph, prototypes, dimensions, spread } = { ...DEFAULT_DRAWN, ...given };
  const random = createRandom(seed).fork('regions');
  const count = photographs * perPhotograph;
  const centers = Float32Array.from({ length: prototypes * dimensions }, () => random.normal());
  const table = {
    ...emptyColumns(count),
    vectors: new Float32Array(count * dimensions),
    winners: new Uint16Array(count),
  };
  for (let image = 0; image < photographs; image++) {
    const chosen = random.permutation(prototypes).slice(0, perPhotograph);
    chosen
      .sort((a, b) => a - b)
      .forEach((prototype, at) => {
        const row = image * perPhotograph + at;
        table.image[row] = image;
        table.prototype[row] = prototype;
        table.winners[row] = prototype;
        table.area[row] = 1 / perPhotograph;
        table.boxes.set([0, at / perPhotograph, 1, (at + 1) / perPhotograph], 4 * row);
        table.confidence[row] = random.uniform(0.5, 1);
        const vector = table.vectors.subarray(row * dimensions, (row + 1) * dimensions);
        vector.forEach((_, d) => (vector[d] = centers[prototype * dimensions + d] + spread * random.normal()));
        const length = Math.hypot(...vector);
        vector.forEach((value, d) => (vector[d] = value / length));
      });
  }
  const starts = Uint32Array.from({ length: photographs + 1 }, (_, image) => image * perPhotograph);
  const { winners, vectors, ...regions } = table;
  return {
    origin: {
      step: 100,
      model: `drawn-${seed}`,
      datasetName: 'drawn',
      datasetFingerprint: `drawn-${seed}-${photographs}`,
      images: photographs,
      prototypes,
      dimensions,
      side: 224,
    },
    isComplete: true,
    photographs: {
      count: photographs,
      paths: Array.from({ length: photographs }, (_, image) => `folder-${image % 3}/photograph-${image}.jpg`),
      widths: new Uint32Array(photographs).fill(640),
      heights: new Uint32Array(photographs).fill(480),
      dates: Float64Array.from({ length: photographs }, (_, image) => Date.UTC(2024, 0, 1 + image)),
      regionStarts: starts,
      cells: {
        rows: new Uint16Array(photographs).fill(perPhotograph),
        columns: new Uint16Array(photographs).fill(1),
        starts,
        winners,
      },
    },
    regions,
    vectors,
    colors: Uint8Array.from({ length: 3 * count }, (_, at) => 40 * (at % 3) + 2 * winners[Math.floor(at / 3)]),
  };
}

function emptyColumns(count: number) {
  return {
    count,
    image: new Uint32Array(count),
    prototype: new Uint16Array(count),
    area: new Float32Array(count),
    boxes: new Float32Array(4 * count),
    confidence: new Float32Array(count),
  };
}
