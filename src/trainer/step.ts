import { larsUpdate, sgdUpdate } from '../nn/optimizers.ts';
import type { Engine, Ops, Tensor } from '../ops/ops.ts';
import { updatedCenter } from '../slotcon/center.ts';
import { encode, NORM_MOMENTUM, predict, project, prototypesOf, type NormStatistics } from '../slotcon/forward.ts';
import { presentSlots, semanticGrouping, type Grouping } from '../slotcon/grouping.ts';
import { groupingLoss, slotLoss, type SlotContrast } from '../slotcon/losses.ts';
import type { Model } from '../slotcon/model.ts';
import { createObserver, gradientName, type Observe, type Probe } from './probe.ts';
import {
  biasRatio,
  featureCosine,
  meanOverCells,
  packMetrics,
  relativeEntropy,
  sumOfMeans,
  type Scalars,
} from './signals.ts';

/** B images · two views, view 1 of all images before view 2 · n = h·w cells · K prototypes · D channels. */
export interface StepInputs {
  /** Normalized crops: [2B,H,W,3] */
  readonly images: Tensor;
  /** Inverse augmentation of every view: [2B,n,n], see `alignmentMatrix`. */
  readonly alignment: Tensor;
  /** Scalars of this step. */
  readonly lr: Tensor;
  readonly teacherMomentum: Tensor;
}

/** The packed metrics (see `signals.ts`) and, by name, the intermediates and gradients that a probe asks for. */
export type StepOutputs = { readonly metrics: Tensor } & Readonly<Record<string, Tensor>>;

/**
 * One step of SlotCon, in the published order: the teacher follows the student as it is before this step's update, both
 * networks group both views, two losses, the center, the optimizer.
 */
export function trainingStep(engine: Engine, model: Model, inputs: StepInputs, probe?: Probe): StepOutputs {
  const { ops } = engine;
  updateTeacher(engine, model, inputs.teacherMomentum);
  const [ofTeacher, ofStudent] = [createObserver(probe), createObserver(probe)];
  const teacher = lookAt(ops, model, 'k', inputs, ofTeacher.observe);
  const variables = [...model.student.map((entry) => entry.variable), ...(probe?.watched ?? [])];
  const { values, gradients } = engine.gradients(() => {
    const outcome = studentPass(ops, model, teacher, inputs, ofStudent.observe);
    return { ...outcome, ...ofStudent.seen };
  }, variables);

  const { dots } = teacher.grouping;
  const center = model.center.variable;
  engine.assign(center, updatedCenter(ops, center.value, dots, model.config.centerMomentum));
  for (const statistics of teacher.statistics) updateRunningStatistics(engine, model, statistics);
  for (const name of Object.keys(values).filter((key) => key.endsWith(MEAN))) {
    const norm = name.slice(0, -MEAN.length);
    const [mean, variance, rows] = [values[name], values[norm + VARIANCE], values[norm + ROWS]];
    updateRunningStatistics(engine, model, { name: norm, mean, variance, rows });
  }
  updateStudent(engine, model, gradients, inputs.lr);
  if (!probe) return { metrics: values.metrics };
  // What the differentiated part made lives on in its values only.
  const seen = Object.keys(ofStudent.seen).map((name) => [name, values[name]]);
  const slopes = variables.map(({ name }, index) => [gradientName(name), gradients[index]]);
  return { ...ofTeacher.seen, ...Object.fromEntries([...seen, ...slopes]), metrics: values.metrics };
}

/** ξ ← m ξ + (1−m) θ over parameters; running statistics stay the teacher's own. */
function updateTeacher({ ops, assign }: Engine, model: Model, momentum: Tensor): void {
  const rest = ops.shift(ops.scale(momentum, -1), 1);
  model.teacher.forEach(({ variable }, index) => {
    const student = model.student[index].variable;
    assign(variable, ops.add(ops.mul(variable.value, momentum), ops.mul(student.value, rest)));
  });
}

interface Look {
  /** [2B,n,D] */
  readonly z: Tensor;
  readonly grouping: Grouping;
  /** Inverse-augmented dots: [2B,n,K] */
  readonly aligned: Tensor;
  /** [2B,K] of 0 and 1 */
  readonly present: Tensor;
  readonly statistics: readonly NormStatistics[];
}

/** What one network makes of both views: each view has its own batch statistics. */
function lookAt(ops: Ops, model: Model, who: 'q' | 'k', inputs: StepInputs, observe: Observe): Look {
  const statistics: NormStatistics[] = [];
  const mode = { kind: 'batch', groups: 2, onStatistics: (one: NormStatistics) => statistics.push(one) } as const;
  const features = observe(`${who}/features`, encode(ops, model, who, inputs.images, mode));
  const z = observe(`${who}/z`, project(ops, model, who, features, mode));
  // Both networks assign with the teacher's temperature.
  const grouped = semanticGrouping(ops, z, prototypesOf(model, who), model.config.teacherTemp, (name, x) =>
    observe(`${who}/${name}`, x),
  );
  const aligned = observe(`${who}/aligned`, ops.matMul(inputs.alignment, grouped.dots));
  return { z, grouping: grouped, aligned, present: presentSlots(ops, grouped.dots), statistics };
}

const MEAN = ' mean';
const VARIANCE = ' variance';
const ROWS = ' rows';
type Values = { readonly loss: Tensor; readonly metrics: Tensor } & Readonly<Record<string, Tensor>>;

/** The differentiated part: student, both losses; hands out the metrics and the BatchNorm statistics as well. */
function studentPass(ops: Ops, model: Model, teacher: Look, inputs: StepInputs, observe: Observe): Values {
  const { config } = model;
  const student = lookAt(ops, model, 'q', inputs, observe);
  const statistics = [...student.statistics];
  const [group1, group2] = groupingLosses(ops, model, student, teacher);
  const contrast = slotContrasts(ops, model, student, teacher, observe, (one) => statistics.push(one));
  const [slot1, slot2] = contrast.map((one) => one.loss);
  const group = ops.add(group1, group2);
  const slot = ops.add(slot1, slot2);
  const loss = ops.add(ops.scale(group, config.groupLossWeight), ops.scale(slot, 1 - config.groupLossWeight));
  const activations = sumOfMeans(
    ops,
    statistics.map((one) => one.mean),
  );
  const losses = { loss, group1, group2, slot1, slot2, activations };
  const metrics = measure(ops, model, student, teacher, losses, contrast);
  const values: Record<string, Tensor> = {};
  for (const { name, mean, variance, rows } of statistics) {
    values[name + MEAN] = mean;
    values[name + VARIANCE] = variance;
    values[name + ROWS] = rows;
  }
  return { ...values, loss, metrics };
}

/** (q1,k2) and (q2,k1), with the center of before this step. */
function groupingLosses(ops: Ops, model: Model, student: Look, teacher: Look): [Tensor, Tensor] {
  const { studentTemp, teacherTemp } = model.config;
  const [q1, q2] = views(ops, student.aligned);
  const [k1, k2] = views(ops, teacher.aligned);
  const temperatures = { student: studentTemp, teacher: teacherTemp };
  const center = model.center.variable.value;
  return [groupingLoss(ops, q1, k2, center, temperatures), groupingLoss(ops, q2, k1, center, temperatures)];
}

/** (q1,k2) and (q2,k1): queries are present in both views, keys in the teacher's. */
function slotContrasts(
  ops: Ops,
  model: Model,
  student: Look,
  teacher: Look,
  observe: Observe,
  onStatistics: (statistics: NormStatistics) => void,
): [SlotContrast, SlotContrast] {
  const [images, k, channels] = student.grouping.slots.shape;
  const rows = (images / 2) * k;
  const flat = (x: Tensor): Tensor => ops.reshape(x, [rows, x.shape.length === 3 ? channels : 1]);
  const [k1, k2] = views(ops, teacher.grouping.slots).map(flat);
  const [present1, present2] = views(ops, teacher.present);
  const keyMask = ops.concat([present2, present1]);
  const queryMask = ops.reshape(ops.mul(student.present, keyMask), [2 * rows]);
  const slots = observe('q/predictorIn', ops.reshape(student.grouping.slots, [2 * rows, channels]));
  const mode = { kind: 'batch', groups: 2, mask: queryMask, onStatistics } as const;
  const queries = observe('q/predictorOut', predict(ops, model, slots, mode));
  const [p1, p2] = views(ops, queries);
  const [query1, query2] = views(ops, queryMask);
  const contrast = (p: Tensor, key: Tensor, query: Tensor, present: Tensor): SlotContrast =>
    slotLoss(ops, p, key, { query, key: ops.reshape(present, [rows]) }, model.config.contrastTemp);
  const both: [SlotContrast, SlotContrast] = [contrast(p1, k2, query1, present2), contrast(p2, k1, query2, present1)];
  both.forEach((one, index) => observe(`logits${index + 1}`, one.logits));
  observe('queryMask', queryMask);
  observe('keyMask', keyMask);
  return both;
}

function views(ops: Ops, x: Tensor): [Tensor, Tensor] {
  const half = x.shape[0] / 2;
  return [ops.rows(x, 0, half), ops.rows(x, half, half)];
}

function measure(
  ops: Ops,
  model: Model,
  student: Look,
  teacher: Look,
  losses: Pick<Scalars, 'loss' | 'group1' | 'group2' | 'slot1' | 'slot2' | 'activations'>,
  [contrast1, contrast2]: readonly [SlotContrast, SlotContrast],
): Tensor {
  const [active1, active2] = views(ops, student.present).map((present) => ops.sum(present, [0, 1]));
  const [winner1, winner2] = views(ops, ops.oneHotArgMax(teacher.aligned));
  const cells = winner1.shape[0] * winner1.shape[1];
  const usage = meanOverCells(ops, ops.oneHotArgMax(teacher.grouping.dots));
  const bias = model.entries.get('projector_q.mlp.6.bias')!.variable.value;
  const scalars: Scalars = {
    ...losses,
    kept1: contrast1.kept,
    kept2: contrast2.kept,
    keys1: contrast2.keys,
    keys2: contrast1.keys,
    activeQ1: active1,
    activeQ2: active2,
    entropy: relativeEntropy(ops, teacher.grouping.assignment),
    meanEntropy: relativeEntropy(ops, meanOverCells(ops, teacher.grouping.assignment)),
    agreement: ops.scale(ops.sum(ops.mul(winner1, winner2), [0, 1, 2]), 1 / cells),
    featureCosine: featureCosine(ops, student.z),
    biasRatio: biasRatio(ops, bias, student.z),
  };
  return ops.detach(packMetrics(ops, scalars, usage));
}

/** r ← 0.9 r + 0.1 s, view 1 then view 2; the variance unbiased. Fewer than 2 rows leave a statistic as it is. */
function updateRunningStatistics({ ops, assign }: Engine, model: Model, statistics: NormStatistics): void {
  const { name, mean, variance, rows } = statistics;
  const valid = ops.step(ops.shift(rows, -1.5));
  const share = ops.scale(valid, NORM_MOMENTUM);
  // n/(n−1); where there are fewer than 2 rows the share is 0 and the quotient only has to be finite.
  const unbiased = ops.div(rows, ops.max(ops.shift(rows, -1), ops.shift(ops.scale(rows, 0), 1)));
  const groups = mean.shape[0];
  const fold = (kind: string, values: Tensor): void => {
    const { variable } = model.buffers.get(`${name}.${kind}`)!;
    let running = variable.value;
    for (let group = 0; group < groups; group++) {
      const now = ops.reshape(ops.rows(values, group, 1), variable.shape);
      const weight = ops.reshape(ops.rows(share, group, 1), [1]);
      running = ops.add(running, ops.mul(weight, ops.sub(now, running)));
    }
    assign(variable, running);
  };
  fold('running_mean', mean);
  fold('running_var', ops.mul(variance, unbiased));
}

function updateStudent({ ops, assign }: Engine, model: Model, gradients: readonly Tensor[], lr: Tensor): void {
  const { optimizer, momentum, weightDecay, trustCoefficient, lrFactor1d } = model.config;
  model.student.forEach(({ variable, dimensions }, index) => {
    const state = model.momenta[index].variable;
    const before = { parameter: variable.value, momentum: state.value };
    const options = { lr, momentum, weightDecay };
    const after =
      optimizer === 'lars'
        ? larsUpdate(ops, dimensions, before, gradients[index], { ...options, trustCoefficient, lrFactor1d })
        : sgdUpdate(ops, before, gradients[index], options);
    assign(state, after.momentum);
    assign(variable, after.parameter);
  });
}
