import { stateDict, loadStateDict } from '../../checkpoint/stateDict.ts';
import type { StoredTensor } from '../../checkpoint/safetensors/storedTensor.ts';
import type { Config } from '../../config/fields.ts';
import { resolveSchedule, ratesAt } from '../../config/schedules.ts';
import { defined } from '../../lib/defined.ts';
import { createRandom } from '../../lib/random.ts';
import type { Engine } from '../../ops/engine.ts';
import { createModel, discardModel, type Model } from '../../slotcon/model.ts';
import { assembleBatch, type Batch } from '../../trainer/batch.ts';
import { countBatches, createStepProgram } from '../../trainer/stepProgram.ts';
import { compare, compareExactly, worst, type Comparison } from './compare.ts';
import { publishedCounts, publishedLosses } from './passes.ts';
import { goldenBatch, goldenConfig, numbers, under, type Golden, type Tolerance } from './golden.ts';

interface StepFacts {
  readonly batch: number;
  readonly [name: string]: number;
}

/** Compares losses by absolute difference. */
const absolutely = (ours: number, theirs: number, tolerance: number): Comparison => {
  const maxRel = Math.abs(ours - theirs);
  return { maxRel, tolerance, ok: maxRel <= tolerance };
};

/** Compares a run on the stored batches; `step` provides the initial state and the pixels of batch 0. */
export async function trajectoryParity(
  engine: Engine,
  golden: Golden,
  step: Golden,
): Promise<Record<string, Comparison>> {
  const { file, json } = golden;
  const config = goldenConfig(json.args);
  const model = createModel(engine, config, createRandom(0));
  loadStateDict(engine, model, under(step.file, 'init/'), { optimizer: 'optional' });
  const schedule = resolveSchedule(config, json.args.num_instances);
  const found: Record<string, Comparison[]> = { losses: [], counts: [], rates: [] };
  const tolerance = json.tolerances.recommended_loss_abs as unknown as number;
  const steps = json.steps as StepFacts[];
  const stepProgram = await createStepProgram(engine, model, storedBatch(model, golden, step, steps[0].batch), {
    outputs: ({ passes }) => ({ ...publishedLosses(passes), ...publishedCounts(passes) }),
  });
  for (const [index, facts] of steps.entries()) {
    const rates = ratesAt(index, config, schedule);
    const run = await stepProgram.run(storedBatch(model, golden, step, facts.batch), { ...rates, step: index });
    countBatches(model, run);
    const { probed } = run;
    found.rates.push(compare([rates.lr], [facts.lr], { tolerance: 1e-6 }));
    found.rates.push(compare([rates.teacherMomentum], [facts.teacher_momentum], { tolerance: 1e-6 }));
    for (const theirs of LOSSES) found.losses.push(absolutely(probed[theirs][0], facts[theirs], tolerance));
    for (const theirs of COUNTS) found.counts.push(compareExactly(probed[theirs], [facts[theirs]]));
  }
  const state = await stateDict(engine, model);
  stepProgram.dispose();
  discardModel(engine, model);
  const limit = json.tolerances.final;
  const final = [...under(file, 'final/').keys()].map((name) =>
    compareStored(defined(state.get(name)), golden, name, limit),
  );
  return {
    ...Object.fromEntries(Object.entries(found).map(([name, list]) => [name, worst(list)])),
    final: worst(final),
  };
}

const LOSSES = ['loss', 'distill_q1_k2', 'distill_q2_k1', 'ctr_q1_k2', 'ctr_q2_k1'] as const;
const COUNTS = ['n_kept_q1_k2', 'n_kept_q2_k1', 'n_keys_k1', 'n_keys_k2', 'active_q1', 'active_q2'] as const;

function compareStored(ours: StoredTensor, { file }: Golden, name: string, limit: Tolerance): Comparison {
  const theirs = numbers(file, `final/${name}`);
  if (ours.dtype === 'I64') return compareExactly(Array.from(ours.data, Number), theirs);
  const { recommended_max_over_maxabs: tolerance, floor_maxabs: floor } = limit;
  return compare(ours.data, theirs, { tolerance, floor });
}

function storedBatch(model: Model, trajectory: Golden, step: Golden, batch: number): Batch {
  const boxes = { file: trajectory.file, prefix: `batch${batch}/` };
  // Batch 0 is that of the step golden, and only its file holds the pixels.
  const pixels = trajectory.file.tensors.has(`batch${batch}/crop0_u8`) ? boxes : { file: step.file, prefix: 'input/' };
  const { samples, height, width } = goldenBatch(pixels, boxes);
  return assembleBatch(model, samples, height, width);
}

/** Loads model and momenta of the published checkpoint after 3 steps, and compares the next losses. */
export async function resumeParity(
  engine: Engine,
  golden: Golden,
  trajectory: Golden,
  step: Golden,
): Promise<Record<string, Comparison>> {
  const { file, json } = golden;
  const tensors = under(file, 'model/module.');
  for (const [index, name] of Object.entries(json.optimizer_state_index_to_name as Record<string, string>)) {
    const momentum = file.tensors.get(`optimizer/state/${index}/mu`);
    if (momentum) tensors.set(name.replace('module.', 'optimizer.'), momentum);
  }
  const { num_instances: imageCount } = json.args;
  const [{ k }] = json.resumed_steps_4_to_6 as { k: number }[];
  const start = { config: goldenConfig(json.args), imageCount, tensors, step: k };
  return resumedLosses(engine, start, golden, trajectory, step);
}

/** Start of a resumed run. */
interface Start {
  readonly config: Config;
  readonly imageCount: number;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Number of steps done. */
  readonly step: number;
}

/** Compares the losses on the following stored batches with those of the resumed published run. */
export async function resumedLosses(
  engine: Engine,
  { config, imageCount, tensors, step: first }: Start,
  { json }: Golden,
  trajectory: Golden,
  step: Golden,
): Promise<Record<string, Comparison>> {
  const model = createModel(engine, config, createRandom(0));
  loadStateDict(engine, model, tensors, { optimizer: 'optional' });
  const tolerances = (json.tolerances as unknown as { resumed_loss_abs: number[] }).resumed_loss_abs;
  const schedule = resolveSchedule(config, imageCount);
  const losses: Comparison[] = [];
  const counts: Comparison[] = [];
  const batches = json.resumed_batches as number[];
  const stepProgram = await createStepProgram(engine, model, storedBatch(model, trajectory, step, batches[0]));
  for (const [index, facts] of (json.resumed_steps_4_to_6 as { k: number; loss: number }[]).entries()) {
    const batch = storedBatch(model, trajectory, step, batches[index]);
    const rates = ratesAt(first + index, config, schedule);
    const { scalars } = await stepProgram.run(batch, { ...rates, step: first + index });
    losses.push(absolutely(defined(scalars.get('loss'))[0], facts.loss, tolerances[index]));
    counts.push(compareExactly([first + index], [facts.k]));
  }
  stepProgram.dispose();
  discardModel(engine, model);
  return { resumedLosses: worst(losses), resumedSteps: worst(counts) };
}
