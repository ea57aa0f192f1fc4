import { learningRate, teacherMomentum } from '../../config/schedules.ts';
import type { Box } from '../../domain/images.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { OPTIMIZERS } from '../../nn/optimizers/optimizers.ts';
import type { Engine } from '../../ops/engine.ts';
import type { HostTensors } from '../../ops/ops.ts';
import { align, alignmentWeights, roiAlignWeights, type AxisWeights } from '../../slotcon/invaug.ts';
import { compare, worst, type Comparison } from './compare.ts';
import { numbers, tensor, type Golden, type Tolerance } from './golden.ts';

/** Compares RoIAlign, inverse augmentation, optimizers and schedules. */
export async function operationsParity(engine: Engine, golden: Golden): Promise<Record<string, Comparison>> {
  return {
    ...(await roiAlign(engine, golden)),
    ...(await inverseAugmentation(engine, golden)),
    ...(await optimizers(engine, golden)),
    ...schedules(golden),
  };
}

/** Maps in the golden file's order [N,C,h·w] to [N,h·w,C], or back with both counts exchanged. */
function transposed(values: ArrayLike<number>, count: number, rows: number, columns: number): Float32Array {
  const size = rows * columns;
  return Float32Array.from({ length: count * size }, (_, at) => {
    const [item, within] = [Math.floor(at / size), at % size];
    return values[item * size + (within % rows) * columns + Math.floor(within / rows)];
  });
}

interface MapsShape {
  readonly count: number;
  readonly channels: number;
  readonly cells: readonly [height: number, width: number];
  readonly aligned: readonly [height: number, width: number];
}

/** Aligned maps and the gradient of the maps, given that of the result; all [N,C,cells]. */
async function alignMaps(
  engine: Engine,
  { count, channels, cells: [height, width], aligned: [outHeight, outWidth] }: MapsShape,
  weights: readonly AxisWeights<Float32Array>[],
  { x, dy }: { readonly x: ArrayLike<number>; readonly dy: ArrayLike<number> },
): Promise<{ out: Float32Array; dx: Float32Array }> {
  const [cells, outCells] = [height * width, outHeight * outWidth];
  const maps = engine.variable('maps', [count, cells, channels], transposed(x, count, channels, cells));
  const shapes = {
    rows: [count, outHeight, height],
    columns: [count, outWidth, width],
    dy: [count, outCells, channels],
  };
  const program = await engine.program(shapes, ({ rows, columns, dy }) => {
    const { aux, gradients } = engine.gradients(() => {
      const out = align(maps.value, { rows, columns });
      return { loss: out.mul(dy).sum(), aux: out };
    }, [maps]);
    return { out: aux, dx: gradients[0] };
  });
  const joined = (axis: 'rows' | 'columns'): Float32Array =>
    Float32Array.from(weights.flatMap((one) => [...one[axis]]));
  const { out, dx } = await program.run({
    rows: joined('rows'),
    columns: joined('columns'),
    dy: transposed(dy, count, channels, outCells),
  });
  program.dispose();
  engine.discard(maps);
  return { out: transposed(out, count, outCells, channels), dx: transposed(dx, count, cells, channels) };
}

/** Each box aligns a map of its own; the gradients of boxes of the same map are added. */
async function roiAlign(engine: Engine, { file, json }: Golden): Promise<Record<string, Comparison>> {
  const input = tensor(file, 'roi/input');
  const [, channels, inH, inW] = input.shape;
  const values = input.data as Float32Array;
  const corners = Array.from(numbers(file, 'roi/boxes'));
  const boxes = Array.from({ length: corners.length / 5 }, (_, index) => corners.slice(5 * index, 5 * index + 5));
  const size = channels * inH * inW;
  const x = Float32Array.from(boxes.flatMap(([image]) => [...values.subarray(image * size, (image + 1) * size)]));
  const results: Record<string, Comparison> = {};
  const tolerances = (json.roi as { tolerances: Record<string, { out: Tolerance; grad: Tolerance }> }).tolerances;
  for (const [name, tolerance] of Object.entries(tolerances)) {
    const [outH, outW] = name.split('x').map(Number);
    const shape: MapsShape = { count: boxes.length, channels, cells: [inH, inW], aligned: [outH, outW] };
    const weights = boxes.map(([, ...box]) => roiAlignWeights(box as unknown as Box, [inH, inW], [outH, outW]));
    const { out, dx } = await alignMaps(engine, shape, weights, { x, dy: numbers(file, `roi/grad_out_${name}`) });
    const total = new Float64Array(values.length);
    boxes.forEach(([image], index) => {
      for (let at = 0; at < size; at++) total[image * size + at] += dx[index * size + at];
    });
    results[`roiAlign/${name}`] = compare(out, numbers(file, `roi/out_${name}`), limits(tolerance.out));
    results[`roiAlign/${name}/gradient`] = compare(total, numbers(file, `roi/grad_in_${name}`), limits(tolerance.grad));
  }
  return results;
}

const limits = ({ recommended_max_over_maxabs: tolerance, floor_maxabs: floor }: Tolerance) => ({ tolerance, floor });

/** Square and oblong maps, with the flips. The file has no tolerance for them: RoIAlign's is used. */
async function inverseAugmentation(engine: Engine, { file }: Golden): Promise<Record<string, Comparison>> {
  const tolerance = 1e-5;
  const results: Record<string, Comparison> = {};
  for (const [label, kind] of [
    ['square', 'sq'],
    ['oblong', 'ns'],
  ] as const) {
    const [count, channels, height, width] = tensor(file, `invaug/${kind}/x`).shape;
    const read = (name: string) => numbers(file, `invaug/${kind}/${name}`);
    const [coords, flags] = [read('coords'), read('flags')];
    const weights = Array.from({ length: count }, (_, image) => {
      const box = [0, 1, 2, 3].map((side) => coords[image * 4 + side]) as unknown as Box;
      return alignmentWeights(box, flags[image] !== 0, height, width);
    });
    const shape: MapsShape = { count, channels, cells: [height, width], aligned: [height, width] };
    const { out, dx } = await alignMaps(engine, shape, weights, { x: read('x'), dy: read('grad_out') });
    results[`inverseAugmentation/${label}`] = compare(out, read('out'), { tolerance });
    results[`inverseAugmentation/${label}/gradient`] = compare(dx, read('grad_x'), { tolerance });
  }
  return results;
}

interface OptimFacts {
  readonly eta: number;
  readonly momentum: number;
  readonly lrs: readonly number[];
  readonly tolerance_rel: number;
  readonly variants: Readonly<Record<string, number>>;
}

/** Sequences of steps on tensors of every kind, zero gradients and zero parameters among them. */
async function optimizers(engine: Engine, golden: Golden): Promise<Record<string, Comparison>> {
  const facts = golden.json.optim as OptimFacts;
  const results: Record<string, Comparison> = {};
  const stored = [...golden.file.tensors.keys()].filter((name) => name.startsWith('optim/p0/'));
  for (const [variant, weightDecay] of Object.entries(facts.variants)) {
    const names = stored.map((one) => one.slice('optim/p0/'.length));
    const found = names.map((name) => optimize(engine, golden, facts, { variant, weightDecay, name }));
    results[`optimizer/${variant}`] = worst((await Promise.all(found)).flat());
  }
  return results;
}

/** Compares the steps of one optimizer on one tensor: values after each step, momentum after the last. */
async function optimize(
  engine: Engine,
  { file }: Golden,
  facts: OptimFacts,
  { variant, weightDecay, name }: { readonly variant: string; readonly weightDecay: number; readonly name: string },
): Promise<Comparison[]> {
  const { shape } = tensor(file, `optim/p0/${name}`);
  const values = (path: string): Float32Array => Float32Array.from(numbers(file, `optim/${path}/${name}`));
  const shapes = { parameter: shape, momentum: shape, gradient: shape, lr: [] };
  const config = makeConfig(DEFAULT_CONFIG, {
    optimizer: variant.startsWith('lars') ? 'lars' : 'sgd',
    momentum: facts.momentum,
    trustCoefficient: facts.eta,
    weightDecay,
  });
  const program = await engine.program(shapes, ({ gradient, lr, parameter, momentum }) => {
    const before = { parameter, slots: [momentum] };
    const after = OPTIMIZERS[config.optimizer].update(config, shape.length, before, gradient, { lr });
    return { parameter: after.parameter, momentum: after.slots[0] };
  });
  const limit = { tolerance: facts.tolerance_rel, floor: 1e-12 };
  const found: Comparison[] = [];
  let state: HostTensors<'parameter' | 'momentum'> = {
    parameter: values('p0'),
    momentum: new Float32Array(values('p0').length),
  };
  for (const [step, lr] of facts.lrs.entries()) {
    state = await program.run({ ...state, gradient: values(`grad${step}`), lr: Float32Array.of(lr) });
    found.push(compare(state.parameter, values(`${variant}/p${step + 1}`), limit));
  }
  found.push(compare(state.momentum, values(`${variant}/mom`), limit));
  program.dispose();
  return found;
}

interface ScheduleFacts {
  readonly K_momentum: number;
  readonly eta_min: number;
  readonly multiplier: number;
  readonly peak_lr: number;
  readonly steps: readonly number[];
  readonly lr: readonly number[];
  readonly teacher_momentum: readonly number[];
  readonly tolerance_rel: number;
  readonly total_steps: number;
  readonly warmup_steps: number;
}

function schedules({ json }: Golden): Record<string, Comparison> {
  const facts = json.schedule as ScheduleFacts;
  const schedule = {
    peak: facts.peak_lr,
    warmupSteps: facts.warmup_steps,
    warmupMultiplier: facts.multiplier,
    totalSteps: facts.total_steps,
    floor: facts.eta_min,
  };
  const each = (ours: (step: number) => number, theirs: readonly number[]): Comparison =>
    worst(facts.steps.map((step, at) => compare([ours(step)], [theirs[at]], { tolerance: facts.tolerance_rel })));
  const start = facts.teacher_momentum[0];
  return {
    learningRate: each((step) => learningRate(step, schedule), facts.lr),
    teacherMomentum: each((step) => teacherMomentum(step, start, facts.K_momentum), facts.teacher_momentum),
  };
}
