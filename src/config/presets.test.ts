import { expect, it } from 'vitest';
import { collapseMargin } from './warnings.ts';
import { PRESETS, presetConfig, proposedPreset } from './presets.ts';

const QUICK = {
  ...{ arch: 'resnet18', stages: 3, blocksPerStage: 0, width: 0.25, outputStride: 8 },
  ...{ hiddenDim: 256, outDim: 64, prototypes: 16, headInitStd: 0.08, lrFactor1d: 0.1 },
  ...{ batchSize: 32, steps: 300, warmupSteps: 20, warmupMultiplier: 100, minLearningRate: 1e-6 },
  ...{ optimizer: 'lars', baseLearningRate: 8, scaleLearningRate: false, momentum: 0.9, weightDecay: 1e-5 },
  ...{ teacherMomentum: 0.95, centerMomentum: 0.9, teacherTemp: 0.05, studentTemp: 0.1, contrastTemp: 0.2 },
  ...{ groupLossWeight: 0.5, cropSize: 64, minScale: 0.2, minOverlap: 0.01, flipProbability: 0.5 },
  ...{ jitterProbability: 0.8, jitterBrightness: 0.4, jitterContrast: 0.4, jitterSaturation: 0.2, jitterHue: 0.1 },
  ...{ grayProbability: 0.1, blurProbability1: 0, blurProbability2: 0, solarizeProbability2: 0 },
};

it('quick is the recipe that was measured', () => {
  expect(presetConfig('quick')).toMatchObject(QUICK);
  expect(PRESETS.quick.expectedCost).toBeCloseTo(11.1, 1);
});

it('tiny is the recipe that was measured', () => {
  expect(presetConfig('tiny')).toMatchObject({
    ...QUICK,
    ...{ stages: 2, blocksPerStage: 1, hiddenDim: 128, batchSize: 8, steps: 200 },
  });
  expect(PRESETS.tiny.expectedCost).toBeCloseTo(0.83, 2);
});

it('paper is the published COCO run', () => {
  const config = presetConfig('paper');
  expect(config).toMatchObject({
    ...{ arch: 'resnet50', stages: 4, width: 1, outputStride: 32, hiddenDim: 4096, outDim: 256, prototypes: 256 },
    ...{ batchSize: 512, epochs: 800, steps: 0, warmupEpochs: 5, baseLearningRate: 1, scaleLearningRate: true },
    ...{ cropSize: 224, minScale: 0.08, teacherTemp: 0.07, teacherMomentum: 0.99, lrFactor1d: 1, headInitStd: 0.02 },
  });
  // ResNet-50 without its classifier: 4.09 G multiply-adds at 224 px. Two views, 512 images, four passes, heads 1.29 G.
  expect(PRESETS.paper.expectedCost).toBeCloseTo(2 * 512 * 4 * 2 * (4.087 + 1.286 + 0.0064), -2);
  expect(collapseMargin(config)).toBeGreaterThan(10);
});

it('offers the small one where computing is slow', () => {
  expect([proposedPreset(true), proposedPreset(false)]).toEqual(['tiny', 'quick']);
});
