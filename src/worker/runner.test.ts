import { beforeAll, describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/samples.ts';
import { openFallback } from '../gpu/device.ts';
import { createEagerEngine } from '../ops/eager/eagerEngine.ts';
import type { Engine } from '../ops/ops.ts';
import type { Dataset } from './dataset.ts';
import type { FromWorker } from './protocol.ts';
import { createRunner } from './runner.ts';

const config = makeConfig(presetConfig('tiny'), {
  ...{ steps: 8, batchSize: 4, width: 1 / 16, hiddenDim: 8, outDim: 8, prototypes: 4, cropSize: 32, watchedImages: 2 },
});

let engine: Engine;
beforeAll(async () => {
  await openFallback('cpu');
  const eager = createEagerEngine();
  // Half-way through its preparations an engine says so; the eager one has none.
  const program: Engine['program'] = (shapes, body, onProgress) => {
    onProgress?.(0.5);
    return eager.program(shapes, body, onProgress);
  };
  engine = { ...eager, program };
});

async function run(images: number): Promise<FromWorker[]> {
  const messages: FromWorker[] = [];
  const dataset = { source: async () => sampleScenes(images, 0) } as Partial<Dataset> as Dataset;
  const runner = createRunner(
    (message) => messages.push(message),
    dataset,
    async () => engine,
  );
  await runner.start({ type: 'start', runId: 3, config, stopAfter: 1 });
  return messages;
}

describe('a run', () => {
  it('tells how far it is prepared, then trains', async () => {
    const messages = await run(5);
    const preparing = messages.flatMap((one) => (one.type === 'preparing' ? [one] : []));
    expect(preparing.map(({ doing }) => doing)).toEqual([
      ...['Waiting for the images', 'Building the model', 'Compiling kernels', 'Compiling kernels'],
    ]);
    const fractions = preparing.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions[2]).toBeCloseTo(0.55);
    expect(fractions[3]).toBe(1);
    const others = messages.slice(preparing.length).map(({ type }) => type);
    expect(others).toEqual(['started', 'overlays', 'step', 'overlays', 'ended']);
  });

  it('that cannot start says why and says nothing else', async () => {
    const last = (await run(3)).at(-1);
    expect(last).toMatchObject({ type: 'trouble', code: 'dataset/too-small', runId: 3 });
  });
});
