import { stateDict, loadStateDict } from '../../checkpoint/stateDict.ts';
import type { Config } from '../../config/fields.ts';
import { defined } from '../../lib/defined.ts';
import { createRandom } from '../../lib/random.ts';
import { fromTorch } from '../../nn/params.ts';
import type { Engine } from '../../ops/engine.ts';
import type { Tensor } from '../../ops/tensor.ts';
import type { StepPasses, StepResult } from '../../slotcon/step.ts';
import { createModel, discardModel, type Model } from '../../slotcon/model.ts';
import { publishedCounts, publishedLosses } from './passes.ts';
import { assembleBatch } from '../../trainer/batch.ts';
import { countBatches, createStepProgram } from '../../trainer/stepProgram.ts';
import { compare, compareExactly, worst, type Comparison } from './compare.ts';
import {
  channelsLast,
  goldenBatch,
  goldenConfig,
  numbers,
  tensor,
  under,
  type Golden,
  type Tolerance,
} from './golden.ts';

type Results = Record<string, Comparison>;

/** Intermediates of both views: names in the golden for view 1 and 2, and their layout there. */
const INTERMEDIATES = [
  ['student features', 'hq1', 'hq2', 'map', ({ student }) => student.features],
  ['teacher features', 'hk1', 'hk2', 'map', ({ teacher }) => teacher.features],
  ['student z', 'x1', 'x2', 'map', ({ student }) => student.z],
  ['teacher z', 'y1', 'y2', 'map', ({ teacher }) => teacher.z],
  ['student slots', 'q1', 'q2', 'rows', ({ student }) => student.slots],
  ['teacher slots', 'k1', 'k2', 'rows', ({ teacher }) => teacher.slots],
  ['student dots', 'score_q1', 'score_q2', 'map', ({ student }) => student.dots],
  ['teacher dots', 'score_k1', 'score_k2', 'map', ({ teacher }) => teacher.dots],
  ['student aligned', 'q1_aligned', 'q2_aligned', 'map', ({ student }) => student.aligned],
  ['teacher aligned', 'k1_aligned', 'k2_aligned', 'map', ({ teacher }) => teacher.aligned],
  ['predictor slots', 'pred_in_q1', 'pred_in_q2', 'kept', ({ predictor }) => predictor.slots],
  ['predictor queries', 'pred_out_q1', 'pred_out_q2', 'kept', ({ predictor }) => predictor.queries],
] as const satisfies readonly (readonly [string, string, string, Layout, (passes: StepPasses) => Tensor])[];

type Layout = 'map' | 'rows' | 'kept';

/** Intermediates of the student, whose gradients the golden holds. */
function watchedOf(passes: StepPasses): Record<string, Tensor> {
  const own = INTERMEDIATES.filter(([name]) => !name.startsWith('teacher'));
  return Object.fromEntries(own.map(([name, , , , pick]) => [name, pick(passes)]));
}

/** Compares one step from the golden's initial state, once per optimizer: forward, gradients, updates. */
export async function stepParity(engine: Engine, golden: Golden): Promise<Results> {
  const config = goldenConfig(golden.json.args);
  const lars = await runGoldenStep(engine, golden, { ...config, optimizer: 'lars' });
  const sgd = await runGoldenStep(engine, golden, { ...config, optimizer: 'sgd' });
  return {
    ...compareForward(golden, lars),
    ...compareGradients(golden, lars),
    ...compareUpdates(golden, lars, 'lars'),
    ...compareUpdates(golden, sgd, 'sgd'),
    ...compareState(golden, lars),
  };
}

interface Outcome {
  /** Intermediates, losses, counts, and `gradient of` a parameter or of an intermediate. */
  readonly probed: Readonly<Record<string, Float32Array>>;
  readonly state: Awaited<ReturnType<typeof stateDict>>;
  readonly model: Model;
}

const gradientOf = (name: string): string => `gradient of ${name}`;

async function runGoldenStep(engine: Engine, golden: Golden, config: Config): Promise<Outcome> {
  const { file, json } = golden;
  const model = createModel(engine, config, createRandom(0));
  loadStateDict(engine, model, under(file, 'init/'), { optimizer: 'optional' });
  const source = { file, prefix: 'input/' };
  const { samples, height, width } = goldenBatch(source, source);
  const batch = assembleBatch(model, samples, height, width);
  const stepProgram = await createStepProgram(engine, model, batch, {
    watch: watchedOf,
    outputs: (result) => outputsOf(model, result),
  });
  const lr = (json.optimizer as { lr: number }).lr;
  const teacherMomentum = json.teacher_momentum_used as number;
  const run = await stepProgram.run(batch, { step: 0, lr, teacherMomentum });
  countBatches(model, run);
  const state = await stateDict(engine, model);
  stepProgram.dispose();
  discardModel(engine, model);
  return { probed: run.probed, state, model };
}

function outputsOf(model: Model, { passes, gradients, watched }: StepResult): Record<string, Tensor> {
  const { predictor, contrasts } = passes;
  return {
    ...Object.fromEntries(INTERMEDIATES.map(([name, , , , pick]) => [name, pick(passes)])),
    ...Object.fromEntries(Object.entries(watched).map(([name, gradient]) => [gradientOf(name), gradient])),
    ...Object.fromEntries(model.student.map(({ name }, index) => [gradientOf(name), gradients[index]])),
    ...publishedLosses(passes),
    ...publishedCounts(passes),
    queryMask: predictor.queryMask,
    keyMask: predictor.keyMask,
    logits1: contrasts[0].logits,
    logits2: contrasts[1].logits,
  };
}

const DIRECTIONS = ['ctr_q1_k2', 'ctr_q2_k1'] as const;

/** A query is present in both views. */
function queryMask(file: Golden['file'], direction: (typeof DIRECTIONS)[number]): number[] {
  const key = numbers(file, `fwd/${direction}/mask_k`);
  return Array.from(numbers(file, `fwd/${direction}/mask_q`), (query, row) => query * key[row]);
}

const limits = (tolerance: Tolerance): { tolerance: number; floor: number } => ({
  tolerance: tolerance.recommended_max_over_maxabs,
  floor: tolerance.floor_maxabs,
});

/** View `view` of an intermediate, in the golden's order where `stored` is a map. */
function compareView(
  ours: Float32Array,
  view: number,
  stored: { shape: readonly number[]; data: ArrayLike<number> },
  layout: Layout,
  mask: ArrayLike<number>,
  limit: { tolerance: number; floor: number },
): Comparison {
  const half = ours.subarray((view * ours.length) / 2, ((view + 1) * ours.length) / 2);
  if (layout === 'rows') return compare(half, stored.data, limit);
  if (layout === 'map') {
    const [, channels, h, w] = stored.shape;
    return compare(half, channelsLast(stored.data, channels, h * w), limit);
  }
  const channels = stored.shape[1];
  const rows = Array.from(mask).flatMap((keep, row) =>
    keep ? [half.subarray(row * channels, (row + 1) * channels)] : [],
  );
  return compare(Float32Array.from(rows.flatMap((row) => [...row])), stored.data, limit);
}

function compareForward({ file, json }: Golden, { probed }: Outcome): Results {
  const forward: Comparison[] = [];
  const inputs: Comparison[] = [];
  for (const [name, first, second, layout] of INTERMEDIATES) {
    [first, second].forEach((theirs, view) => {
      const mask = queryMask(file, DIRECTIONS[view]);
      const stored = tensor(file, `fwd/${theirs}`) as never as { shape: number[]; data: Float32Array };
      forward.push(compareView(probed[name], view, stored, layout, mask, limits(json.tolerances.fwd)));
      const gradient = file.tensors.get(`igrad/${theirs}`) as typeof stored | undefined;
      if (gradient && gradientOf(name) in probed)
        inputs.push(compareView(probed[gradientOf(name)], view, gradient, layout, mask, limits(json.tolerances.igrad)));
    });
  }
  const exact: Comparison[] = [];
  for (const [index, name] of DIRECTIONS.entries()) {
    const [query, key] = [queryMask(file, name), numbers(file, `fwd/${name}/mask_k`)];
    const half = (all: Float32Array): Float32Array =>
      all.subarray((index * all.length) / 2, ((index + 1) * all.length) / 2);
    exact.push(compareExactly(half(probed.queryMask), query), compareExactly(half(probed.keyMask), key));
    const logits = probed[`logits${index + 1}`];
    const picked = Array.from(query).flatMap((q, row) =>
      q ? Array.from(key).flatMap((k, column) => (k ? [logits[row * key.length + column]] : [])) : [],
    );
    forward.push(compare(picked, numbers(file, `fwd/${name}/logits`), limits(json.tolerances.fwd)));
  }
  for (const name of ['loss', 'distill_q1_k2', 'distill_q2_k1', 'ctr_q1_k2', 'ctr_q2_k1']) {
    forward.push(compare(probed[name], numbers(file, `fwd/${name}`), limits(json.tolerances.fwd)));
  }
  const parts = json.parts as Record<string, number>;
  for (const name of ['n_kept_q1_k2', 'n_kept_q2_k1', 'n_keys_k1', 'n_keys_k2']) {
    exact.push(compareExactly(probed[name], [parts[name]]));
  }
  return { forward: worst(forward), intermediateGradients: worst(inputs), slotMasks: worst(exact) };
}

function compareGradients({ file, json }: Golden, { probed, model }: Outcome): Results {
  const zero = new Set(json.exactly_zero_in_theory as string[]);
  const largest = json.max_abs_grad as number;
  const real: Comparison[] = [];
  const vanishing: Comparison[] = [];
  for (const { name, layout, variable } of model.student) {
    const ours = probed[gradientOf(name)];
    const theirs = fromTorch(layout, variable.shape, Float32Array.from(numbers(file, `grad/${name}`)));
    // Biases right before a BatchNorm: both sides are rounding noise.
    if (zero.has(name))
      vanishing.push(compare(ours, new Float32Array(ours.length), { tolerance: 1e-5, floor: largest }));
    else real.push(compare(ours, theirs, limits(json.tolerances.grad)));
  }
  return { gradients: worst(real), vanishingGradients: worst(vanishing) };
}

function compareUpdates({ file, json }: Golden, { state, model }: Outcome, which: 'lars' | 'sgd'): Results {
  const zero = new Set(json.exactly_zero_in_theory as string[]);
  const limit = limits(json.tolerances[`${which}_delta (${which}_after - init)`]);
  const moves = model.student
    .filter(({ name }) => !zero.has(name))
    .map(({ name }) => {
      const init = numbers(file, `init/${name}`);
      const move = (after: ArrayLike<number>): number[] => Array.from(after, (value, index) => value - init[index]);
      return compare(
        move(defined(state.get(name)).data as Float32Array),
        move(numbers(file, `${which}_after/${name}`)),
        limit,
      );
    });
  return { [`${which}Update`]: worst(moves) };
}

function compareState({ file, json }: Golden, { state }: Outcome): Results {
  const group = (prefix: string, tolerance: Tolerance): Comparison =>
    worst(
      [...under(file, prefix).keys()].map((name) => {
        const ours = defined(state.get(name));
        const values = ours.data instanceof BigInt64Array ? Array.from(ours.data, Number) : ours.data;
        return compare(values, numbers(file, prefix + name), limits(tolerance));
      }),
    );
  const center = defined(state.get('center')).data as Float32Array;
  return {
    teacher: group('teacher_after/', json.tolerances.teacher_after),
    batchNormStatistics: group('bn_after/', json.tolerances.bn_after),
    center: compare(center, numbers(file, 'center_after'), limits(json.tolerances.center_after)),
  };
}
