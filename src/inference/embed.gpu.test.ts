import { expect, it } from 'vitest';
import { loadStateDict } from '../checkpoint/stateDict.ts';
import { presetConfig } from '../config/presets.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { createRandom } from '../lib/random.ts';
import { encode } from '../slotcon/forward.ts';
import { createModel } from '../slotcon/model.ts';
import { randomCheckpoint } from '../testing/checkpoints.ts';
import { testEnginePair } from '../testing/testEngine.ts';
import { embedImages } from './embed.ts';
import { normalizePixels } from '../data/normalize.ts';
import { segmentationSize } from './segmenter.ts';

const engines = testEnginePair();

it('is the mean of each image’s own features, also in the last, incomplete batch', async () => {
  const { config, tensors } = randomCheckpoint(presetConfig('tiny'));
  const images = sampleScenes(19, 5);
  const compiled = createModel(engines.compiled(), config, createRandom(0));
  loadStateDict(engines.compiled(), compiled, tensors);
  const embeddings = await embedImages(engines.compiled(), compiled, images);
  const channels = compiled.networks.encoder.outChannels;
  expect(embeddings.length).toBe(19 * channels);

  const oracle = engines.oracle();
  const model = createModel(oracle, config, createRandom(0));
  loadStateDict(oracle, model, tensors);
  const size = segmentationSize(config);
  const program = await oracle.program({ image: [1, size, size, 3] }, ({ image }) => ({
    features: encode(model, 'teacher', image, { kind: 'running' }).y,
  }));
  for (const index of [0, 15, 16, 18]) {
    const image = new Float32Array(size * size * 3);
    normalizePixels(resizeCenterCrop(await images.get(index), size, size, 'bilinear').data, image);
    const { features } = await program.run({ image });
    for (let channel = 0; channel < channels; channel++) {
      const own = features.filter((_, at) => at % channels === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      expect(embeddings[index * channels + channel]).toBeCloseTo(mean, 3);
    }
  }
});
