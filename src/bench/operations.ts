import { presetConfig } from '../config/presets.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine, Variable } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import { updateStudent, updateTeacher } from '../slotcon/updates.ts';
import type { Bench, Benchmark } from './bench.ts';
import { sizeOf } from '../lib/shape.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { onTfjs, replay } from './sides.ts';

/** Something both engines can compute, with the state it needs. */
interface Work {
  body(): Readonly<Record<string, Tensor>>;
  discard(): void;
}

/** The same body on both engines. */
function benchmark(name: string, createWork: (engine: Engine) => Work): Benchmark {
  return { name, run: (bench) => compareEngines(bench, name, createWork) };
}

async function compareEngines(bench: Bench, name: string, createWork: (engine: Engine) => Work): Promise<void> {
  const { adapter, device, rounds, clock } = bench;
  const [compiled, eager] = [await createEngine(adapter), await createEngine(adapter, 'eager')];
  const [ours, peer] = [createWork(compiled), createWork(eager)];
  const program = await compiled.program<never, string>({}, ours.body);
  const contenders = { ours: replay(device, program), peer: onTfjs(device, () => void peer.body()) };
  const times = await race(contenders, rounds, clock);
  bench.add(toRow(name, 'ms', times.ours, 'tfjs, eager', times.peer));
  program.dispose();
  for (const work of [ours, peer]) work.discard();
}

const EPSILON = 1e-5;

/** Train-mode BatchNorm and ReLU on [N,h,w,C], two views by themselves; with the gradients of input, weight and bias. */
function normAndRelu(engine: Engine, shape: readonly number[], backward: boolean): Work {
  const random = createRandom('bench/norm');
  const draw = (name: string, of: readonly number[]): Variable =>
    engine.variable(
      name,
      of,
      Float32Array.from({ length: sizeOf(of) }, () => random.normal()),
    );
  const channels = shape.slice(-1);
  const [x, dy, weight, bias] = [draw('x', shape), draw('dy', shape), draw('weight', channels), draw('bias', channels)];
  const forward = () => {
    const { y, mean, variance } = x.value.batchNorm(weight.value, bias.value, { groups: 2, epsilon: EPSILON });
    return { y: y.relu(), mean, variance };
  };
  const both = () => {
    const { loss, aux, gradients } = engine.gradients(() => {
      const output = forward();
      return { loss: output.y.mul(dy.value).sum(), aux: output };
    }, [x, weight, bias]);
    const [dx, dWeight, dBias] = gradients;
    return { ...aux, loss, dx, dWeight, dBias };
  };
  return {
    body: backward ? both : forward,
    discard: () => [x, dy, weight, bias].forEach((variable) => engine.discard(variable)),
  };
}

/** The teacher's moving average and LARS over all parameters of the quick preset. */
function optimizer(engine: Engine): Work {
  const model = createModel(engine, presetConfig('quick'), createRandom(0));
  const random = createRandom('bench/gradients');
  const gradients = model.student.map(({ name, variable: { shape } }) =>
    engine.variable(
      `gradient of ${name}`,
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    ),
  );
  return {
    body: () => update(engine, model, gradients),
    discard: () => {
      discardModel(engine, model);
      for (const variable of gradients) engine.discard(variable);
    },
  };
}

function update(engine: Engine, model: Model, gradients: readonly Variable[]): Record<string, Tensor> {
  // So small that thousands of repetitions leave the weights as they are.
  const lr = engine.constant(Float32Array.of(1e-6), []);
  updateTeacher(engine, model, engine.constant(Float32Array.of(model.config.teacherMomentum), []));
  updateStudent(
    engine,
    model,
    gradients.map(({ value }) => value),
    { lr },
  );
  return { lr: lr.mul(1) };
}

const NORM_SHAPES = [
  [64, 32, 32, 16],
  [64, 16, 16, 16],
  [64, 8, 8, 64],
];

/** Operations of a step besides convolutions: the compiled engine against the eager one on tfjs, device and host. */
export const OPERATION_BENCHMARKS: readonly Benchmark[] = [
  ...NORM_SHAPES.flatMap((shape) => {
    const name = `norm/BatchNorm and ReLU [${shape.join()}]`;
    return [
      benchmark(`${name} forward`, (engine) => normAndRelu(engine, shape, false)),
      benchmark(`${name} forward and backward`, (engine) => normAndRelu(engine, shape, true)),
    ];
  }),
  benchmark('optimizer/LARS and moving average, quick', optimizer),
];
