import type { Config } from '../config/fields.ts';
import type { ImageSource } from '../domain/images.ts';
import type { Health, HealthMeasures, Overlay } from '../domain/reports.ts';
import { createSlotGrid, slotLabels, wholeWindow } from '../domain/slotGrid.ts';
import { countSlots } from '../domain/slotCounts.ts';
import type { ColoredSlots } from './colorAgreement.ts';
import { describeHealth } from './describeHealth.ts';
import { createHealthCounter } from './healthCounter.ts';
import { overlaySize } from './segmenter.ts';
import type { OverlayOutput, OverlayInference } from './overlayInference.ts';
import { countSquares, coverImage, joinSquares, type CoveredImage, type CoverSquare } from './wholeImage.ts';

/** Overlays and health of the watched images at one step. */
export interface Watched {
  readonly overlays: readonly Overlay[];
  readonly health: Health;
}

/** Squares of at most this many pixels together form one batch; larger ones run one by one, to fit any device. */
const MAX_BATCH_PIXELS = 2 ** 20;

/** Segments the watched images with the teacher, and measures both networks on them. `step` is the number of steps done. */
export async function drawOverlays(inference: OverlayInference, images: ImageSource, step: number): Promise<Watched> {
  const { config } = inference.model;
  const size = overlaySize(config);
  // Spread over the folder, so that neighbors in name, which tend to look alike, don't crowd the view.
  const count = Math.min(config.watchedImages, images.count);
  const indices = Array.from({ length: count }, (_, slot) => Math.floor((slot * images.count) / count));
  let total = 0;
  for (const index of indices) total += countSquares(await images.get(index), size / config.outputStride);
  const fits = total * size * size <= MAX_BATCH_PIXELS;
  const counter = createHealthCounter(config, total);
  const edges = await inference.edges();
  const overlays: Overlay[] = [];
  const colored: ColoredSlots[] = [];
  for (const group of fits ? [indices] : indices.map((index) => [index])) {
    const covers: CoveredImage[] = [];
    for (const index of group) covers.push(coverImage(await images.get(index), size, config.outputStride));
    const outputs = await inferSquares(inference, covers.flatMap(({ squares }) => squares), fits); // oxfmt-ignore
    for (const output of outputs) counter.add(output, squareLabels(output.dots, config.prototypes, size));
    for (const [at, cover] of covers.entries()) {
      const imageIndex = group[at];
      const parts = outputs.splice(0, cover.squares.length).map(({ dots }) => dots);
      const dots = joinSquares(cover, parts, config.prototypes);
      const grids = await edges.grids(dots, await images.get(imageIndex));
      colored.push({ image: cover.image, grid: grids.grid });
      overlays.push({
        imageIndex,
        path: images.path(imageIndex),
        dimensions: images.dimensions(imageIndex),
        preview: cover.image,
        ...grids,
        counts: countSlots(grids.grid, config.prototypes),
      });
    }
  }
  const measures = {
    ...counter.measures(),
    ...(step > 0 && (await measureTrained(colored, counter.features(), config))),
  };
  return { overlays, health: describeHealth(measures, config, step) };
}

/** Loaded after the first step: the page has less to load until then. */
async function measureTrained(
  images: readonly ColoredSlots[],
  features: Float32Array,
  { prototypes, outDim }: Config,
): Promise<Pick<HealthMeasures, 'effectiveRank' | 'colorAgreement'>> {
  const { effectiveRank } = await import('../metrics/effectiveRank.ts');
  const { colorAgreement } = await import('./colorAgreement.ts');
  return {
    effectiveRank: effectiveRank(features, outDim),
    colorAgreement: colorAgreement(images, prototypes),
  };
}

type SquareOutput = Pick<OverlayOutput, 'dots' | 'studentDots' | 'z'>;

/** Outputs of each square, from one batch of all or from one pass each. */
async function inferSquares(
  inference: OverlayInference,
  squares: readonly CoverSquare[],
  together: boolean,
): Promise<SquareOutput[]> {
  const outputs: SquareOutput[] = [];
  const batch = squares.map(({ image }) => image);
  for (const part of together ? [batch] : batch.map((image) => [image])) {
    const output = await inference.run(part);
    outputs.push(...part.map((_, at) => outputOf(output, at, part.length)));
  }
  return outputs;
}

/** Label of each pixel of a square. */
function squareLabels(dots: Float32Array, prototypes: number, size: number): Uint16Array {
  const cells = Math.sqrt(dots.length / prototypes);
  return slotLabels(createSlotGrid(dots, prototypes, cells, cells), wholeWindow(size, size));
}

/** Outputs of image `at` of a batch of `count`. */
function outputOf(output: OverlayOutput, at: number, count: number): SquareOutput {
  const part = (all: Float32Array): Float32Array =>
    all.subarray((at * all.length) / count, ((at + 1) * all.length) / count);
  return { dots: part(output.dots), studentDots: part(output.studentDots), z: part(output.z) };
}
