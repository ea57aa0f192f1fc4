import { presetConfig } from '../config/presets.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine } from '../ops/createEngine.ts';
import { createStepProgram } from '../trainer/stepProgram.ts';
import { createTrainer } from '../trainer/trainer.ts';
import type { Bench, Benchmark } from './bench.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { randomBatch } from './ourStep.ts';

const IMAGES = 2000;
const NAME = `data/quick on ${IMAGES} images`;

/**
 * A step of a real run (the next batch is drawn while the device computes, and the state is kept safe) against the bare
 * step on a batch at hand: 1 − ratio is the fraction of a run spent on everything but the step. Where the CPU is the
 * device, drawing competes with the step it would hide behind.
 */
export const DATA_BENCHMARKS: readonly Benchmark[] = [{ name: NAME, run: compare }];

async function compare(bench: Bench): Promise<void> {
  const engine = await createEngine(bench.adapter);
  const config = presetConfig('quick');
  const trainer = await createTrainer({ engine, config, images: noiseImages(IMAGES, config.workingSize) });
  const size = { count: config.batchSize, height: config.cropSize, width: config.cropSize };
  const stepProgram = await createStepProgram(engine, trainer.model, size);
  const batch = randomBatch(trainer.model, size);
  try {
    const withData = async (times: number): Promise<void> => {
      for (let turn = 1; turn <= times; turn++) await trainer.next({ ahead: turn < times });
    };
    const bare = async (times: number): Promise<void> => {
      for (let turn = 0; turn < times; turn++) await stepProgram.run(batch, { step: 0, lr: 1e-6, teacherMomentum: 1 });
    };
    const times = await race({ ours: withData, peer: bare }, bench.rounds, bench.clock);
    bench.add(toRow(NAME, 'ms', times.ours, 'without data', times.peer));
  } finally {
    stepProgram.dispose();
    trainer.dispose();
  }
}

/** Decoded images in memory, as after the first pass over a folder. */
function noiseImages(count: number, side: number): ImageSource {
  const random = createRandom('bench/images');
  const width = Math.round((4 / 3) * side);
  const image = (): RgbImage => {
    const data = new Uint8Array(3 * width * side);
    const words = new Uint32Array(data.buffer, 0, Math.floor(data.length / 4));
    for (let at = 0; at < words.length; at++) words[at] = random.integer(2 ** 32);
    return { width, height: side, data };
  };
  const images = Array.from({ length: count }, image);
  return {
    name: 'noise',
    count,
    fingerprint: `noise-${count}-${side}`,
    path: (index) => `noise-${index}`,
    dimensions: () => ({ width, height: side, orientation: 1 }),
    get: (index) => Promise.resolve(images[index]),
  };
}
