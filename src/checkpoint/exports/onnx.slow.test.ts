import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../config/fields.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import type { RgbImage } from '../../domain/images.ts';
import { createRandom } from '../../lib/random.ts';
import { createEagerEngine } from '../../ops/eager/eagerEngine.ts';
import { tensorEngine, type Engine } from '../../ops/engine.ts';
import { encode } from '../../slotcon/forward.ts';
import { createModel, type Model } from '../../slotcon/model.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { goldenCheckpoint, randomCheckpoint } from '../../testing/checkpoints.ts';
import { normalizePixels } from '../../data/normalize.ts';
import { createSegmenter } from '../../inference/segmenter.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { loadStateDict } from '../stateDict.ts';
import { writeOnnxEncoder, writeOnnxSlots } from './onnx.ts';

// A temperature at which no prototype gets the whole assignment.
const small = (settings: Partial<Config>): Checkpoint =>
  randomCheckpoint(
    makeConfig(DEFAULT_CONFIG, {
      width: 1 / 16,
      hiddenDim: 24,
      outDim: 16,
      prototypes: 5,
      teacherTemp: 1,
      ...settings,
    }),
  );

const CHECKPOINTS: Record<string, () => Checkpoint> = {
  'the published code’s state after three steps': goldenCheckpoint,
  'the tiny preset': () => randomCheckpoint(presetConfig('tiny')),
  resnet50: () => small({ arch: 'resnet50' }),
  resnet50_16s: () => small({ arch: 'resnet50_16s' }),
  'two stages of resnet34_16s': () => small({ arch: 'resnet34_16s', stages: 2, blocksPerStage: 1, outputStride: 4 }),
};

/** Images, height, width. */
const SIZES = [
  [2, 64, 64],
  [1, 48, 80],
  [3, 33, 61],
] as const;

let engine: Engine;
beforeAll(async () => {
  await tf.setBackend('cpu');
  engine = tensorEngine(createEagerEngine());
});

describe.each(Object.entries(CHECKPOINTS))('%s, in ONNX Runtime', (_, make) => {
  let checkpoint: Checkpoint;
  let model: Model;
  beforeAll(() => {
    checkpoint = make();
    model = createModel(engine, checkpoint.config, createRandom(0));
    loadStateDict(engine, model, checkpoint.tensors, { optimizer: 'optional' });
  });

  it('encodes like the segmenter, at any size', async () => {
    const session = await InferenceSession.create(joinChunks(writeOnnxEncoder(checkpoint)));
    for (const [count, height, width] of SIZES) {
      const images = randomImages(count, height, width);
      const ours = await engine.program({ images: [count, height, width, 3] }, (inputs) => ({
        features: encode(model, 'teacher', inputs.images, { kind: 'running' }).y,
      }));
      const { features } = await ours.run({ images: images.values });
      const [h, w] = model.networks.encoder.outputSize(height, width);
      const theirs = await runOnnx(session, images, 'features');
      expect(theirs.dims).toEqual([count, model.networks.encoder.outChannels, h, w]);
      expectClose(theirs.data, channelsFirst(features, count, h * w));
    }
  });

  it('assigns slots like the segmenter, at any size', async () => {
    const session = await InferenceSession.create(joinChunks(writeOnnxSlots(checkpoint)));
    const segmenter = createSegmenter(engine, model);
    const { prototypes, teacherTemp } = checkpoint.config;
    for (const [count, height, width] of SIZES) {
      const images = randomImages(count, height, width);
      const dots = await segmenter.run(images.list);
      const ours = softmaxRows(dots.dots, prototypes, teacherTemp);
      const theirs = await runOnnx(session, images, 'assignment');
      expect(theirs.dims).toEqual([count, prototypes, dots.height, dots.width]);
      expectClose(theirs.data, channelsFirst(ours, count, dots.height * dots.width));
    }
    segmenter.dispose();
  });
});

interface ImageBatch {
  readonly list: readonly RgbImage[];
  readonly shape: readonly [number, number, number];
  /** Normalized, [N,H,W,3]. */
  readonly values: Float32Array;
}

function randomImages(count: number, height: number, width: number): ImageBatch {
  const random = createRandom(`${count}×${height}×${width}`);
  const data = Uint8Array.from({ length: count * height * width * 3 }, () => random.integer(256));
  const values = new Float32Array(data.length);
  normalizePixels(data, values);
  const bytes = data.length / count;
  const list = Array.from({ length: count }, (_, index) => ({
    height,
    width,
    data: data.subarray(index * bytes, (index + 1) * bytes),
  }));
  return { list, shape: [count, height, width], values };
}

async function runOnnx(
  session: InferenceSession,
  { values, shape: [count, height, width] }: ImageBatch,
  output: string,
): Promise<{ dims: readonly number[]; data: Float32Array }> {
  const image = new Tensor('float32', channelsFirst(values, count, height * width), [count, 3, height, width]);
  const { [output]: result } = await session.run({ image });
  return { dims: result.dims, data: (await result.getData()) as Float32Array };
}

/** [N,area,C] → [N,C,area] */
function channelsFirst(values: Float32Array, count: number, area: number): Float32Array {
  const channels = values.length / (count * area);
  return values.map((_, index) => {
    const [image, rest] = [Math.floor(index / (channels * area)), index % (channels * area)];
    return values[(image * area + (rest % area)) * channels + Math.floor(rest / area)];
  });
}

function softmaxRows(dots: Float32Array, k: number, temperature: number): Float32Array {
  const fractions = dots.map((dot) => Math.exp((dot - 1) / temperature));
  for (let start = 0; start < fractions.length; start += k) {
    const row = fractions.subarray(start, start + k);
    const sum = row.reduce((total, fraction) => total + fraction, 0);
    row.forEach((fraction, at) => (row[at] = fraction / sum));
  }
  return fractions;
}

/** Within 1e-4, relative where values exceed 1. */
function expectClose(theirs: Float32Array, ours: Float32Array): void {
  expect(theirs.length).toBe(ours.length);
  const largest = ours.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0.01);
  const off = ours.reduce((max, value, at) => Math.max(max, Math.abs(value - theirs[at])), 0);
  expect(off / Math.max(1, largest)).toBeLessThan(1e-4);
}
