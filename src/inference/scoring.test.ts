import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { colorValue } from '../data/masks/mask.ts';
import { sampleScene } from '../data/scenes/samples.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { scoreSegmentation } from '../metrics/segmentation.ts';
import { createConfusionCounter } from '../metrics/confusionCounter.ts';
import { heldOutScenes, toLabeledImage, type LabeledImage, type LabeledImages } from './labeledImages.ts';
import { scoreColors } from './scoring.ts';

const config = presetConfig('tiny');
const PROTOTYPES = 4;
const random = createRandom('labels');

/** Labels that correlate with the masks, with noise. */
function labeled(pairs: readonly LabeledImage[]): number[][] {
  return pairs.map(({ mask }) =>
    Array.from(mask.data, (value) => (random.chance(0.7) ? value % PROTOTYPES : random.integer(PROTOTYPES))),
  );
}

/** All one-to-one matchings of `n` prototypes with classes of `values`; a prototype may stay unmatched. */
function* matchings(n: number, values: readonly number[]): Generator<(number | undefined)[]> {
  if (n === 0) {
    yield [];
    return;
  }
  for (const rest of matchings(n - 1, values)) {
    yield [...rest, undefined];
    for (const value of values) if (!rest.includes(value)) yield [...rest, value];
  }
}

/** Reference implementation: the scores by their definitions, pixel by pixel. */
function referenceScores(pairs: readonly LabeledImage[], labels: readonly number[][], voidValue: number) {
  const pixels = pairs
    .flatMap(({ mask }, at) => Array.from(mask.data, (truth, pixel) => ({ truth, label: labels[at][pixel] })))
    .filter(({ truth }) => truth !== voidValue);
  const values = [...new Set(pixels.map(({ truth }) => truth))];
  const count = (is: (pixel: { truth: number; label: number }) => boolean): number => pixels.filter(is).length;
  const both = new Map<string, number>();
  for (const { truth, label } of pixels) both.set(`${label} ${truth}`, (both.get(`${label} ${truth}`) ?? 0) + 1);
  const overlap = (label: number, value: number): number => both.get(`${label} ${value}`) ?? 0;
  const held = Array.from({ length: PROTOTYPES }, (_, k) => count(({ label }) => label === k));
  const truths = new Map(values.map((value) => [value, count(({ truth }) => truth === value)]));
  const iouOf = (label: number, value: number): number =>
    overlap(label, value) / (held[label] + defined(truths.get(value)) - overlap(label, value));
  const total = (matching: (number | undefined)[], of: (label: number, value: number) => number): number =>
    matching.reduce<number>((sum, value, label) => sum + (value === undefined ? 0 : of(label, value)), 0);
  let best: (number | undefined)[] = [];
  for (const matching of matchings(PROTOTYPES, values)) {
    if (best.length === 0 || total(matching, iouOf) > total(best, iouOf)) best = matching;
  }
  const entropy = (counts: number[]): number =>
    counts.reduce((sum, n) => sum - (n > 0 ? (n / pixels.length) * Math.log(n / pixels.length) : 0), 0);
  const [ofLabels, ofTruths] = [entropy(held), entropy([...truths.values()])];
  return {
    miou: total(best, iouOf) / values.length,
    pixelAccuracy: total(best, overlap) / pixels.length,
    nmi: (ofLabels + ofTruths - entropy([...both.values()])) / ((ofLabels + ofTruths) / 2),
  };
}

function score(pairs: readonly LabeledImage[], labels: readonly number[][], prototypes: number, voidValue?: number) {
  const counter = createConfusionCounter(prototypes, voidValue);
  pairs.forEach(({ mask }, at) => counter.add(labels[at], mask.data));
  const { confusion, values } = counter.result();
  return { scores: scoreSegmentation(confusion), values };
}

const scenes = heldOutScenes(config);

async function allOf({ count, get }: LabeledImages): Promise<LabeledImage[]> {
  const all: LabeledImage[] = [];
  for (let index = 0; index < count; index++) all.push(await get(index));
  return all;
}

describe('scores', async () => {
  const pairs = await allOf(heldOutScenes(config, 12));

  it.each([[-1], [0]])('match their definitions on sample scenes (void: %i)', (voidValue) => {
    // Fewer classes, so that all matchings can be tried.
    const few = pairs.map((pair) => ({
      ...pair,
      mask: { ...pair.mask, data: Array.from(pair.mask.data, (v) => v % 6) },
    }));
    const labels = labeled(few);
    const { scores } = score(few, labels, PROTOTYPES, voidValue);
    const plain = referenceScores(few, labels, voidValue);
    for (const name of ['miou', 'pixelAccuracy', 'nmi'] as const) expect(scores[name]).toBeCloseTo(plain[name], 9);
  });

  it('are independent of the mask values, also for colors', () => {
    const labels = labeled(pairs);
    const colored = pairs.map((pair) => {
      return { ...pair, mask: { ...pair.mask, data: Array.from(pair.mask.data, (v) => colorValue(v, 9, 200)) } };
    });
    const [one, other] = [score(pairs, labels, PROTOTYPES), score(colored, labels, PROTOTYPES)];
    expect(other.scores).toEqual(one.scores);
    expect(other.values[0]).toBe(colorValue(one.values[0], 9, 200));
  });

  it('are deterministic for the color baseline', async () => {
    const few = heldOutScenes(config, 6);
    expect(await scoreColors(few, 4)).toEqual(await scoreColors(few, 4));
  });
});

it('toLabeledImage crops the center of image and mask, each at its own size', async () => {
  const { image } = await scenes.get(0);
  const scene = sampleScene(0, 0);
  const mask = { ...scene.image, data: scene.mask };
  const wide = { width: 3 * mask.width, height: mask.height, data: new Uint8Array(3 * mask.data.length).fill(99) };
  for (let y = 0; y < mask.height; y++)
    wide.data.set(mask.data.subarray(y * mask.width, (y + 1) * mask.width), y * wide.width + mask.width);
  expect([...Array.from(toLabeledImage(image, wide, config).mask.data)]).toEqual([...mask.data]);
});
