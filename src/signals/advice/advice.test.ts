import { describe, expect, it } from 'vitest';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { SLOTS_BY_STOPS } from '../../config/slotsBy.ts';
import { createFolderCensus } from '../../data/folder/folderNotes.ts';
import { comparedLabels, recipeFacts } from '../../domain/exploration.ts';
import type { HealthMeasures } from '../../domain/reports.ts';
import { describeHealth } from '../../inference/describeHealth.ts';
import { colorAgreement } from '../../inference/colorAgreement.ts';
import { createRandom } from '../../lib/random.ts';
import { HEALTHY, stepRecord } from '../../testing/fakeRun.ts';
import { gridOf } from '../../testing/overlays.ts';
import { judge } from '../../trainer/health.ts';
import type { StepRecord } from '../metrics.ts';
import { adviseAfterRun, type Advice, type RunFacts } from './advice.ts';

const config = presetConfig('quick');
const RECORD = stepRecord({
  step: 300,
  assignmentEntropy: 0.44,
  meanAssignmentEntropy: 0.88,
  agreement: 0.67,
  featureCosine: 0.6,
  biasRatio: 0.3,
  usedPrototypes: 9,
  usage: [0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.03, 0.02],
});
const range = (count: number): number[] => [...Array(count).keys()];
/** A strip of 64 cells, the last of which have another slot than before. */
const drawing = (step: number, changed: number) => ({
  step,
  overlays: [
    {
      grid: gridOf(
        range(64).map((cell) => (cell >= 64 - changed ? 2 : cell % 2)),
        1,
        64,
      ),
    },
  ],
});
/** Stability of a recipe whose two seeds differ in some cells. */
const stabilityWith = (changed: number): number | undefined =>
  recipeFacts([0, changed].map((cells) => comparedLabels(drawing(0, cells).overlays.map(({ grid }) => grid))))
    .stability;
const noise = range(300).map((step) => 0.1 * createRandom(step).normal());

/** A healthy run of 300 steps that has settled. */
const SETTLED: RunFacts = {
  config,
  finished: true,
  startStep: 0,
  record: RECORD,
  verdict: judge(RECORD),
  health: describeHealth(HEALTHY, config, 300),
  loss: { steps: range(300).map((at) => at + 1), values: noise.map((value) => 5 + value) },
  drawings: [drawing(0, 60), drawing(200, 0), drawing(300, 1)],
  images: { count: 500, different: 500 },
  explored: [],
};
const afterRecord = (change: Partial<StepRecord>): Partial<RunFacts> => {
  const record = { ...RECORD, ...change };
  return { record, verdict: judge(record) };
};
const measured = (change: Partial<HealthMeasures>): Partial<RunFacts> => ({
  health: describeHealth({ ...HEALTHY, ...change }, config, 300),
});
const advise = (change: Partial<RunFacts> = {}): readonly Advice[] => adviseAfterRun({ ...SETTLED, ...change });
const about = (pattern: RegExp, change: Partial<RunFacts>): Advice | undefined =>
  advise(change).find(({ text }) => pattern.test(text));

it('says of a healthy run that it is fine and has settled, and offers nothing', () => {
  expect(advise()).toEqual([
    { level: 'good', text: '9 of 16 prototypes in use: fine.' },
    {
      level: 'good',
      text: expect.stringMatching(
        /^In the last third of the run 2% of the watched pixels changed their slot and the loss didn’t fall beyond its noise \(0\.0\d+\): training longer would change little\.$/,
      ) as string,
    },
  ]);
});

describe('train longer', () => {
  it('is offered where slots still changed, and where the loss still fell', () => {
    const changing = about(/last third/, { drawings: [drawing(0, 60), drawing(210, 0), drawing(300, 16)] });
    expect(changing).toMatchObject({ level: 'info', action: { kind: 'longer' } });
    expect(changing?.text).toMatch(/25% of the watched pixels.*would shift slots, not necessarily for the better\.$/);
    // By .004 a step.
    const values = noise.map((value, at) => 5 - 0.004 * at + value);
    const falling = about(/last third/, { loss: { ...SETTLED.loss, values } });
    expect(falling).toMatchObject({ action: { kind: 'longer' } });
    expect(falling?.text).toMatch(/would go on with that\.$/);
    const [, fall, twice] = /the loss fell by (\S+) \(noise (\S+)\)/.exec(falling?.text ?? '')?.map(Number) ?? [];
    expect(Math.abs(fall - 0.396)).toBeLessThan(twice);
  });

  it('has no button after a run that was stopped, which continues where it was', () => {
    const stopped = { finished: false, drawings: [drawing(200, 0), drawing(300, 16)] };
    expect(about(/last third/, stopped)?.action).toBeUndefined();
  });

  it('counts from where the run started, and says nothing of what was not drawn', () => {
    // Two thirds from 150 to 300 are at 250, of which 200 is no neighbor.
    expect(about(/last third/, { startStep: 150 })?.text).toMatch(/run the loss/);
    expect(about(/last third/, { drawings: [], loss: { steps: [300], values: [5] } })).toBeUndefined();
  });

  it('comes before the slots can: a run shorter than the dip', () => {
    const short = advise({ ...afterRecord({ step: 40, agreement: 0.55 }) });
    expect(short[0]).toMatchObject({ level: 'warning', action: { kind: 'longer' } });
    expect(short[0].text).toBe('Ended at step 40, while features still align: slots come apart from step 60 on.');
  });
});

it('“No clear slots yet” comes with the numbers, and with Explore', () => {
  const unclear = advise(afterRecord({ agreement: 0.41 }));
  expect(unclear[0].text).toMatch(/^No clear slots yet\. Views agree on 41% of cells \(forming: 60% or more\)/);
  expect(unclear.find(({ action }) => action?.kind === 'explore')?.text).toMatch(/^Short runs of four recipes/);
  const explored = advise({
    ...afterRecord({ agreement: 0.41 }),
    explored: [{ recipe: 'both', stability: stabilityWith(8) }],
  });
  expect(explored.find(({ action }) => action?.kind === 'explore')?.text).toMatch(/^The contact sheet/);
});

it('a collapse comes first, with the settings that help', () => {
  const narrow = makeConfig(config, { headInitStd: 0.02, lrFactor1d: 1 });
  const collapsed = advise({ ...afterRecord({ usedPrototypes: 3 }), config: narrow });
  expect(collapsed[0]).toMatchObject({ level: 'alarm', action: { settings: { headInitStd: 0.08, lrFactor1d: 0.1 } } });
  expect(collapsed[0].text).toMatch(/^Collapsing: 3 of 8 hold 70%\. 3 prototypes in use/);
  // The usual values are there already.
  expect(about(/^Collapsing/, afterRecord({ usedPrototypes: 3 }))?.action).toEqual({
    kind: 'settings',
    settings: { lrFactor1d: 0.01 },
  });
  const everywhere = advise(afterRecord({ assignmentEntropy: 0.95 }));
  expect(everywhere[0].action).toEqual({ kind: 'settings', settings: { teacherTemp: 0.035 } });
  // The watched images alone show it.
  const few = about(/^Usage entropy 0\.40: 3 of 16/, {
    ...measured({ usageEntropy: 0.4, holders: 3 }),
    config: narrow,
  });
  expect(few).toMatchObject({ level: 'alarm', action: { settings: { headInitStd: 0.08 } } });
  expect(about(/student/, measured({ agreement: 0.3 }))).toMatchObject({
    action: { settings: { baseLearningRate: 4 } },
  });
});

describe('Slots by', () => {
  /** Columns that are dark and bright in turn, with slots of columns or of rows. */
  const striped = (slotOf: (cell: number) => number): number => {
    const data = Uint8Array.from({ length: 48 }, (_, at) => 250 * (Math.floor(at / 3) % 2));
    return colorAgreement([{ image: { width: 4, height: 4, data }, grid: gridOf(range(16).map(slotOf), 4, 4) }], 2);
  };

  it('things, where slots follow color', () => {
    const agreement = striped((cell) => cell % 2);
    expect(agreement).toBeGreaterThan(0.6);
    expect(about(/^Slots follow color/, measured({ colorAgreement: agreement }))).toMatchObject({
      level: 'warning',
      action: { kind: 'recipe', recipe: 'things' },
    });
    const things = makeConfig(config, SLOTS_BY_STOPS.things.config);
    expect(about(/color/, { ...measured({ colorAgreement: agreement }), config: things })).toBeUndefined();
    expect(about(/color/, measured({ colorAgreement: striped((cell) => Math.floor(cell / 8)) }))).toBeUndefined();
  });

  it('the recipe by which two seeds agree more', () => {
    const explored = [
      { recipe: 'color', stability: stabilityWith(8) },
      { recipe: 'both', stability: stabilityWith(4) },
      { recipe: 'things', stability: stabilityWith(24) },
    ] as const;
    expect(about(/seeds/, { explored })).toBeUndefined();
    const things = about(/seeds/, { explored, config: makeConfig(config, SLOTS_BY_STOPS.things.config) });
    expect(things).toMatchObject({ action: { kind: 'recipe', recipe: 'both' } });
    const [, best, own] = /“A bit of both” (\.\d\d), this one (\.\d\d)\.$/.exec(things?.text ?? '') ?? [];
    expect(Number(best)).toBeCloseTo(stabilityWith(4) ?? NaN, 2);
    expect(Number(own)).toBeCloseTo(stabilityWith(24) ?? NaN, 2);
    expect(Number(best)).toBeGreaterThan(Number(own));
  });
});

it('two seeds that agree little: more images, or fewer prototypes', () => {
  const across = comparedLabels([gridOf([0, 1, 0, 1], 2, 2)]);
  const { stability } = recipeFacts([comparedLabels([gridOf([0, 0, 1, 1], 2, 2)]), across]);
  const little = about(/^Two seeds agree little \(\.00 of 1\)/, { explored: [{ recipe: 'both', stability }] });
  expect(little?.action).toEqual({ kind: 'settings', settings: { prototypes: 8 } });
});

it('few different images', () => {
  const census = createFolderCensus();
  for (let index = 0; index < 40; index++) {
    // Two copies of each.
    const random = createRandom(Math.floor(index / 2));
    const image = { width: 16, height: 16, data: Uint8Array.from({ length: 768 }, () => random.integer(256)) };
    census.add({ image, dimensions: { width: 640, height: 480, orientation: 1 }, conversions: [] });
  }
  const few = about(/^Only/, { images: { count: 40, different: census.different() } });
  expect(few?.text).toMatch(/^Only 20 different images among 40: slots need variety/);
  expect(few?.action).toEqual({ kind: 'images' });
  // Enough where slots are clear, few where they aren't.
  const images = { count: 40, different: 40 };
  expect(about(/^Only/, { images })).toBeUndefined();
  expect(about(/^Only 40 images/, { images, ...afterRecord({ agreement: 0.4 }) })).toBeDefined();
});
