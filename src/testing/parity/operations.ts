import { learningRate, teacherMomentum } from '../../config/schedules.ts';
import type { Box } from '../../domain/images.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { OPTIMIZERS } from '../../nn/optimizers/optimizers.ts';
import type { Engine } from '../../ops/engine.ts';
import type { HostTensors } from '../../ops/ops.ts';
import { alignmentMatrix, roiAlignMatrix } from '../../slotcon/invaug.ts';
import { compare, worst, type Comparison } from './compare.ts';
import { numbers, tensor, type Golden, type Tolerance } from './golden.ts';

/** Compares RoIAlign, inverse augmentation, optimizers and schedules. */
export async function operationsParity(engine: Engine, golden: Golden): Promise<Record<string, Comparison>> {
  return {
    ...roiAlign(golden),
    ...inverseAugmentation(golden),
    ...(await optimizers(engine, golden)),
    ...schedules(golden),
  };
}

/** Adds matrix·x to `out`, and the transpose of it, matrixᵀ·dy, to the gradient `dx`. */
function applyAlignment(
  matrix: Float32Array,
  [outCells, inCells]: readonly [number, number],
  forward: { readonly x: ArrayLike<number>; readonly xAt: number; readonly out: Float64Array; readonly outAt: number },
  backward: { readonly dy: ArrayLike<number>; readonly dx: Float64Array },
): void {
  const { x, xAt, out, outAt } = forward;
  for (let cell = 0; cell < outCells; cell++) {
    for (let source = 0; source < inCells; source++) {
      const weight = matrix[cell * inCells + source];
      out[outAt + cell] += weight * x[xAt + source];
      backward.dx[xAt + source] += weight * backward.dy[outAt + cell];
    }
  }
}

function roiAlign({ file, json }: Golden): Record<string, Comparison> {
  const input = tensor(file, 'roi/input');
  const [, channels, inH, inW] = input.shape;
  const x = input.data as Float32Array;
  const boxes = numbers(file, 'roi/boxes');
  const results: Record<string, Comparison> = {};
  const tolerances = (json.roi as { tolerances: Record<string, { out: Tolerance; grad: Tolerance }> }).tolerances;
  for (const [size, tolerance] of Object.entries(tolerances)) {
    const [outH, outW] = size.split('x').map(Number);
    const theirs = numbers(file, `roi/out_${size}`);
    const dy = numbers(file, `roi/grad_out_${size}`);
    const out = new Float64Array(theirs.length);
    const dx = new Float64Array(x.length);
    const [inCells, outCells] = [inH * inW, outH * outW];
    for (let box = 0; box < boxes.length / 5; box++) {
      const [image, ...corners] = [0, 1, 2, 3, 4].map((column) => boxes[box * 5 + column]);
      const matrix = roiAlignMatrix(corners as unknown as Box, [inH, inW], [outH, outW]);
      for (let channel = 0; channel < channels; channel++) {
        const xAt = (image * channels + channel) * inCells;
        const outAt = (box * channels + channel) * outCells;
        applyAlignment(matrix, [outCells, inCells], { x, xAt, out, outAt }, { dy, dx });
      }
    }
    results[`roiAlign/${size}`] = compare(out, theirs, limits(tolerance.out));
    results[`roiAlign/${size}/gradient`] = compare(dx, numbers(file, `roi/grad_in_${size}`), limits(tolerance.grad));
  }
  return results;
}

const limits = ({ recommended_max_over_maxabs: tolerance, floor_maxabs: floor }: Tolerance) => ({ tolerance, floor });

/** Square and oblong maps, with the flips. The file has no tolerance for them: RoIAlign's is used. */
function inverseAugmentation({ file }: Golden): Record<string, Comparison> {
  const tolerance = 1e-5;
  const results: Record<string, Comparison> = {};
  for (const [label, kind] of [
    ['square', 'sq'],
    ['oblong', 'ns'],
  ] as const) {
    const [images, channels, height, width] = tensor(file, `invaug/${kind}/x`).shape;
    const x = numbers(file, `invaug/${kind}/x`);
    const cells = height * width;
    const [coords, flags] = [numbers(file, `invaug/${kind}/coords`), numbers(file, `invaug/${kind}/flags`)];
    const dy = numbers(file, `invaug/${kind}/grad_out`);
    const [out, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
    for (let image = 0; image < images; image++) {
      const box = [0, 1, 2, 3].map((side) => coords[image * 4 + side]) as unknown as Box;
      const matrix = alignmentMatrix(box, flags[image] !== 0, height, width);
      for (let channel = 0; channel < channels; channel++) {
        const xAt = (image * channels + channel) * cells;
        applyAlignment(matrix, [cells, cells], { x, xAt, out, outAt: xAt }, { dy, dx });
      }
    }
    results[`inverseAugmentation/${label}`] = compare(out, numbers(file, `invaug/${kind}/out`), { tolerance });
    const theirs = numbers(file, `invaug/${kind}/grad_x`);
    results[`inverseAugmentation/${label}/gradient`] = compare(dx, theirs, { tolerance });
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
    const found: Comparison[] = [];
    for (const name of stored.map((one) => one.slice('optim/p0/'.length))) {
      found.push(...(await optimize(engine, golden, facts, { variant, weightDecay, name })));
    }
    results[`optimizer/${variant}`] = worst(found);
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
