import { stateDict, loadStateDict } from '../../checkpoint/state.ts';
import type { Config } from '../../config/fields.ts';
import { createRandom } from '../../lib/random.ts';
import { fromTorch } from '../../nn/params.ts';
import type { Engine, Variable } from '../../ops/ops.ts';
import { createModel, discardModel, type Model } from '../../slotcon/model.ts';
import { gradientName, type Probe } from '../../trainer/probe.ts';
import { assembleBatch, createStepProgram } from '../../trainer/stepProgram.ts';
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

/** Our name of an intermediate of both views, the golden's of view 1 and 2, and whether those are maps [N,C,h,w]. */
const INTERMEDIATES = [
  ['q/features', 'hq1', 'hq2', 'map'],
  ['k/features', 'hk1', 'hk2', 'map'],
  ['q/z', 'x1', 'x2', 'map'],
  ['k/z', 'y1', 'y2', 'map'],
  ['q/slots', 'q1', 'q2', 'rows'],
  ['k/slots', 'k1', 'k2', 'rows'],
  ['q/dots', 'score_q1', 'score_q2', 'map'],
  ['k/dots', 'score_k1', 'score_k2', 'map'],
  ['q/aligned', 'q1_aligned', 'q2_aligned', 'map'],
  ['k/aligned', 'k1_aligned', 'k2_aligned', 'map'],
  ['q/predictorIn', 'pred_in_q1', 'pred_in_q2', 'kept'],
  ['q/predictorOut', 'pred_out_q1', 'pred_out_q2', 'kept'],
] as const;

/** One step from the golden's initial state, once with each optimizer: forward, gradients, updates. */
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
  /** Intermediates, and gradients by `gradientName` of the parameter or of `shadowOf` an intermediate. */
  readonly observed: Readonly<Record<string, Float32Array>>;
  readonly state: Awaited<ReturnType<typeof stateDict>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly model: Model;
}

async function runGoldenStep(engine: Engine, golden: Golden, config: Config): Promise<Outcome> {
  const { file, json } = golden;
  const model = createModel(engine, config, createRandom(0));
  loadStateDict(engine, model, under(file, 'init/'), { optimizer: 'optional' });
  const source = { file, prefix: 'input/' };
  const { samples, height, width } = goldenBatch(source, source);
  const batch = assembleBatch(model, samples, height, width);
  const shadows = createShadows(engine, model, samples.length, model.networks.encoder.outputSize(height, width));
  const probe: Probe = {
    pass: (name, x) => {
      const shadow = shadows.get(name);
      return shadow ? engine.ops.add(x, shadow.value) : x;
    },
    watched: [...shadows.values()],
  };
  const stepProgram = await createStepProgram(engine, model, batch, probe);
  const lr = (json.optimizer as { lr: number }).lr;
  const teacherMomentum = json.teacher_momentum_used as number;
  const { scalars, observed } = await stepProgram.run(batch, { lr, teacherMomentum });
  const state = await stateDict(engine, model);
  stepProgram.dispose();
  for (const shadow of shadows.values()) engine.discard(shadow);
  discardModel(engine, model);
  return { observed, state, scalars, model };
}

const shadowOf = (name: string): string => `shadow/${name}`;

/** Variables of zeros, one to be added to each intermediate whose gradient is wanted: theirs is the same. */
function createShadows(
  engine: Engine,
  model: Model,
  images: number,
  [h, w]: readonly [number, number],
): ReadonlyMap<string, Variable> {
  const { outDim, prototypes } = model.config;
  const cells = h * w;
  const shapes: Record<string, readonly number[]> = {
    'q/features': [2 * images, h, w, model.networks.encoder.outChannels],
    'q/z': [2 * images, cells, outDim],
    'q/dots': [2 * images, cells, prototypes],
    'q/aligned': [2 * images, cells, prototypes],
    'q/slots': [2 * images, prototypes, outDim],
    'q/predictorIn': [2 * images * prototypes, outDim],
    'q/predictorOut': [2 * images * prototypes, outDim],
  };
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, engine.variable(shadowOf(name), shape, new Float32Array(size))];
    }),
  );
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
  kind: 'map' | 'rows' | 'kept',
  mask: ArrayLike<number>,
  limit: { tolerance: number; floor: number },
): Comparison {
  const half = ours.subarray((view * ours.length) / 2, ((view + 1) * ours.length) / 2);
  if (kind === 'rows') return compare(half, stored.data, limit);
  if (kind === 'map') {
    const [, channels, h, w] = stored.shape;
    return compare(half, channelsLast(stored.data, channels, h * w), limit);
  }
  const channels = stored.shape[1];
  const rows = Array.from(mask).flatMap((keep, row) =>
    keep ? [half.subarray(row * channels, (row + 1) * channels)] : [],
  );
  return compare(Float32Array.from(rows.flatMap((row) => [...row])), stored.data, limit);
}

function compareForward({ file, json }: Golden, { observed, scalars }: Outcome): Results {
  const forward: Comparison[] = [];
  const inputs: Comparison[] = [];
  for (const [name, first, second, kind] of INTERMEDIATES) {
    [first, second].forEach((theirs, view) => {
      const mask = queryMask(file, DIRECTIONS[view]);
      const stored = tensor(file, `fwd/${theirs}`) as never as { shape: number[]; data: Float32Array };
      forward.push(compareView(observed[name], view, stored, kind, mask, limits(json.tolerances.fwd)));
      const gradient = file.tensors.get(`igrad/${theirs}`) as typeof stored | undefined;
      const ours: Float32Array | undefined = observed[gradientName(shadowOf(name))];
      if (gradient && ours) inputs.push(compareView(ours, view, gradient, kind, mask, limits(json.tolerances.igrad)));
    });
  }
  const exact: Comparison[] = [];
  for (const [index, name] of DIRECTIONS.entries()) {
    const [query, key] = [queryMask(file, name), numbers(file, `fwd/${name}/mask_k`)];
    const half = (all: Float32Array): Float32Array =>
      all.subarray((index * all.length) / 2, ((index + 1) * all.length) / 2);
    exact.push(compareExactly(half(observed.queryMask), query), compareExactly(half(observed.keyMask), key));
    const logits = observed[`logits${index + 1}`];
    const picked = Array.from(query).flatMap((q, row) =>
      q ? Array.from(key).flatMap((k, column) => (k ? [logits[row * key.length + column]] : [])) : [],
    );
    forward.push(compare(picked, numbers(file, `fwd/${name}/logits`), limits(json.tolerances.fwd)));
  }
  const pairs = {
    loss: 'loss',
    group1: 'distill_q1_k2',
    group2: 'distill_q2_k1',
    slot1: 'ctr_q1_k2',
    slot2: 'ctr_q2_k1',
  };
  for (const [ours, theirs] of Object.entries(pairs)) {
    forward.push(compare([scalars[ours]], numbers(file, `fwd/${theirs}`), limits(json.tolerances.fwd)));
  }
  const parts = json.parts as Record<string, number>;
  const counts = { kept1: 'n_kept_q1_k2', kept2: 'n_kept_q2_k1', keys1: 'n_keys_k1', keys2: 'n_keys_k2' };
  for (const [ours, theirs] of Object.entries(counts)) exact.push(compareExactly([scalars[ours]], [parts[theirs]]));
  return { forward: worst(forward), intermediateGradients: worst(inputs), slotMasks: worst(exact) };
}

function compareGradients({ file, json }: Golden, { observed, model }: Outcome): Results {
  const zero = new Set(json.exactly_zero_in_theory as string[]);
  const largest = json.max_abs_grad as number;
  const real: Comparison[] = [];
  const vanishing: Comparison[] = [];
  for (const { name, layout, variable } of model.student) {
    const ours = observed[gradientName(name)];
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
      return compare(move(state.get(name)!.data as Float32Array), move(numbers(file, `${which}_after/${name}`)), limit);
    });
  return { [`${which}Update`]: worst(moves) };
}

function compareState({ file, json }: Golden, { state }: Outcome): Results {
  const group = (prefix: string, tolerance: Tolerance): Comparison =>
    worst(
      [...under(file, prefix).keys()].map((name) => {
        const ours = state.get(name)!;
        const values = ours.data instanceof BigInt64Array ? Array.from(ours.data, Number) : ours.data;
        return compare(values, numbers(file, prefix + name), limits(tolerance));
      }),
    );
  const center = state.get('center')!.data as Float32Array;
  return {
    teacher: group('teacher_after/', json.tolerances.teacher_after),
    batchNormStatistics: group('bn_after/', json.tolerances.bn_after),
    center: compare(center, numbers(file, 'center_after'), limits(json.tolerances.center_after)),
  };
}
