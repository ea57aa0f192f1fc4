import type { Config } from '../config/fields.ts';
import { createRandom } from '../lib/random.ts';
import type { Health, HealthMeasures, Verdict } from '../domain/reports.ts';
import type { SlotGrid } from '../domain/slotGrid.ts';
import { gridOf } from './overlays.ts';
import { METRICS, type MetricName, type StepRecord } from '../signals/metrics.ts';

/** Side of the fake images in pixels. */
export const FAKE_SCENE_SIZE = 112;
/** Side of a fake cell in pixels, and cells per side. */
const CELL = 4;
const CELLS = FAKE_SCENE_SIZE / CELL;

/** Fake metrics that resemble a healthy run. */
export function fakeRecord(step: number, config: Config): StepRecord {
  const random = createRandom(step);
  const noise = (size: number): number => size * random.normal();
  const fall = Math.exp(-step / 70);
  const dip = Math.exp(-(((step - 30) / 14) ** 2));
  const weights = Array.from({ length: config.prototypes }, (_, k) => Math.exp(-0.18 * ((k * 7) % config.prototypes)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const lossGroup = 2.5 + 2.8 * fall + noise(0.12);
  const lossSlot = 3.1 + 1.6 * fall + noise(0.15);
  return stepRecord({
    step,
    loss: (lossGroup + lossSlot) / 2,
    lossGroup,
    lossSlot,
    lr: config.baseLearningRate * (step < 20 ? step / 20 : 0.5 + 0.5 * Math.cos((Math.PI * step) / config.steps)),
    teacherMomentum: 1 - (1 - config.teacherMomentum) * (0.5 + 0.5 * Math.cos((Math.PI * step) / config.steps)),
    activeSlots: 60 + random.integer(20),
    assignmentEntropy: 0.35 + 0.25 * fall + 0.1 * dip + noise(0.01),
    meanAssignmentEntropy: 0.88 + noise(0.01),
    agreement: 0.68 - 0.44 * fall + noise(0.02),
    featureCosine: 0.6 - 0.4 * fall + 0.35 * dip + noise(0.01),
    biasRatio: 0.2,
    usedPrototypes: Math.round(11 - 5 * dip),
    usage: weights.map((weight) => weight / sum),
  });
}

/** A record with these values and 0 for every other metric. */
export function stepRecord(values: Partial<StepRecord>): StepRecord {
  const zeros = Object.fromEntries(METRICS.map(([name]) => [name, 0])) as Record<MetricName, number>;
  return { step: 0, usage: [], ...zeros, ...values };
}

export function fakeVerdict({ step, agreement }: StepRecord): Verdict {
  if (step < 60) {
    const detail = 'Features align first, and few slots are left for a while: every run dips between steps 20 and 40.';
    return { level: 'info', title: 'features aligning, normal until step 60', detail };
  }
  const detail = `Both views agree on ${Math.round(100 * agreement)}% of the cells and 11 of 16 prototypes are in use.`;
  return { level: 'good', title: 'slots are forming', detail };
}

/** Measures by which every line of the health list is good. */
export const HEALTHY: HealthMeasures = {
  activeSlots: 4,
  usageEntropy: 0.85,
  holders: 8,
  maxAssignment: 0.6,
  agreement: 0.9,
  featureStd: 0.7,
  effectiveRank: 20,
  colorAgreement: 0.2,
};

/** Fake health: few slots at first, many later. */
export function fakeHealth(step: number): Health {
  const usageEntropy = Math.min(0.85, 0.3 + step / 200);
  return {
    measures: {
      activeSlots: 3.5,
      usageEntropy,
      holders: 4,
      maxAssignment: 0.6,
      agreement: 0.9,
      featureStd: 0.7,
      effectiveRank: 12,
      colorAgreement: 0.2,
    },
    lines: [
      {
        name: 'usageEntropy',
        label: 'Usage entropy',
        value: usageEntropy.toFixed(2),
        level: step < 60 ? 'info' : 'good',
        text: `4 of 16 prototypes hold 90% of pixels: ${step < 60 ? 'uneven, normal until step 60' : 'well shared'}`,
      },
      { name: 'effectiveRank', label: 'Effective rank', value: '12.0 of 64', level: 'good', text: 'enough directions' },
    ],
  };
}

/** Fake image of sky, ground and a few things, with labels from random (`quality` 0) to clean regions (1). */
export function scene(index: number, quality: number, prototypes: number): { rgb: Uint8Array; grid: SlotGrid } {
  const random = createRandom(`scene/${index}`);
  const horizon = FAKE_SCENE_SIZE * random.uniform(0.35, 0.65);
  const things = Array.from({ length: 3 }, () => ({
    x: random.uniform(0.1, 0.9) * FAKE_SCENE_SIZE,
    y: random.uniform(0.4, 0.9) * FAKE_SCENE_SIZE,
    radius: random.uniform(0.08, 0.2) * FAKE_SCENE_SIZE,
    kind: 2 + random.integer(Math.max(1, prototypes - 2)),
  }));
  const speckle = createRandom(`speckle/${index}/${quality}`);
  const rgb = new Uint8Array(FAKE_SCENE_SIZE * FAKE_SCENE_SIZE * 3);
  const labels = new Uint16Array(CELLS * CELLS);
  for (let at = 0; at < FAKE_SCENE_SIZE * FAKE_SCENE_SIZE; at++) {
    const [x, y] = [at % FAKE_SCENE_SIZE, Math.floor(at / FAKE_SCENE_SIZE)];
    const thing = things.find((one) => Math.hypot(one.x - x, one.y - y) < one.radius);
    const kind = thing ? thing.kind : y < horizon ? 0 : 1;
    const shade = 0.85 + 0.3 * speckle.next();
    rgb[3 * at] = shade * (120 + 90 * Math.sin(kind * 2.1 + index));
    rgb[3 * at + 1] = shade * (130 + 70 * Math.sin(kind * 3.7 + 1));
    rgb[3 * at + 2] = shade * (140 + 80 * Math.sin(kind * 1.3 + 2));
    const label = speckle.chance(quality) || quality > 0.9 ? kind % prototypes : speckle.integer(prototypes);
    labels[Math.floor(y / CELL) * CELLS + Math.floor(x / CELL)] = label;
  }
  return { rgb, grid: gridOf(labels, CELLS, CELLS) };
}
