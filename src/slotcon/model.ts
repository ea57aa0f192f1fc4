import type { Config } from '../config/fields.ts';
import type { Random } from '../lib/random.ts';
import { defined } from '../lib/defined.ts';
import { sizeOf } from '../lib/shape.ts';
import { initialValues } from '../nn/init.ts';
import { torchShape, type Layout, type NormSpec } from '../nn/params.ts';
import { OPTIMIZERS } from '../nn/optimizers/optimizers.ts';
import type { Engine, Variable } from '../ops/engine.ts';
import {
  createNetworks,
  normsOf,
  parametersOf,
  PREFIX,
  type NetworkName,
  type Networks,
  type Part,
} from './networks.ts';

/** One tensor of the state, by its published name. */
export interface Entry {
  readonly name: string;
  readonly layout: Layout;
  /** Number of dimensions in PyTorch's layout. */
  readonly dimensions: number;
  readonly variable: Variable;
}

/** A parameter with its optimizer state. */
export interface TrainedEntry extends Entry {
  /** In the order of `Optimizer.slots`. */
  readonly slots: readonly Entry[];
}

/** State of a run that a step reads and writes. Lists hold their entries in the published order. */
export interface Model {
  readonly config: Config;
  readonly networks: Networks;
  /** Encoder, projector, prototypes, predictor. */
  readonly student: readonly TrainedEntry[];
  /** Encoder, projector, prototypes: entry i follows entry i of the student. */
  readonly teacher: readonly Entry[];
  /** `num_batches_tracked` of every BatchNorm, by its full name (`encoder_q.bn1`). */
  readonly batchesTracked: Map<string, number>;
  /** [1,K] */
  readonly center: Entry;
  /** Everything that holds a tensor, running statistics (`encoder_q.bn1.running_mean`) included, by name. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Returns the entry of a name; throws if there is none. */
  entry(name: string): Entry;
}

const STUDENT_PARTS: readonly Part[] = ['encoder', 'projector', 'grouping', 'predictor'];
const TEACHER_PARTS: readonly Part[] = ['encoder', 'projector', 'grouping'];

/** Description of one tensor of the state, without values. */
interface Description {
  readonly name: string;
  readonly role: 'student' | 'teacher' | 'slot' | 'buffer' | 'center';
  readonly shape: readonly number[];
  readonly layout: Layout;
  initial(random: Random): Float32Array;
}

/** Every tensor of a model's state, in the published order with those of the optimizer last. */
export function describeState(config: Config): Description[] {
  const networks = createNetworks(config);
  const parameters = (role: 'student' | 'teacher', parts: readonly Part[]): Description[] =>
    parts.flatMap((part) =>
      parametersOf(networks, part).map((spec) => ({
        name: `${prefixOf(role, part)}.${spec.name}`,
        role,
        shape: spec.shape,
        layout: spec.layout,
        // By part, not by network: the teacher starts as a copy of the student.
        initial: (random) => initialValues(spec, random.fork(`init/${part}`)),
      })),
    );
  const constant = (
    name: string,
    role: Description['role'],
    shape: readonly number[],
    value: number,
    layout: Layout = 'plain',
  ): Description => ({
    name,
    role,
    shape,
    layout,
    initial: () => new Float32Array(sizeOf(shape)).fill(value),
  });
  const student = parameters('student', STUDENT_PARTS);
  const buffers = normNames(networks).flatMap(({ name, channels }) => [
    constant(`${name}.running_mean`, 'buffer', [channels], 0),
    constant(`${name}.running_var`, 'buffer', [channels], 1),
  ]);
  return [
    constant('center', 'center', [1, config.prototypes], 0),
    ...student,
    ...parameters('teacher', TEACHER_PARTS),
    ...buffers,
    ...OPTIMIZERS[config.optimizer].slots.flatMap(({ prefix }) =>
      student.map(({ name, shape, layout }) => constant(`${prefix}.${name}`, 'slot', shape, 0, layout)),
    ),
  ];
}

/** Creates an initialized model; the teacher starts as a copy of the student's parameters. */
export function createModel(engine: Engine, config: Config, random: Random): Model {
  return assembleModel(config, ({ name, shape, initial }) => engine.variable(name, shape, initial(random)));
}

/** A model without memory, for programs that are planned only; undefined for an engine that doesn't plan. */
export function sketchModel(engine: Engine, config: Config): Model | undefined {
  if (!engine.sketch('', [])) return undefined;
  return assembleModel(config, ({ name, shape }) => defined(engine.sketch(name, shape), 'sketch'));
}

function assembleModel(config: Config, variableOf: (described: Description) => Variable): Model {
  const networks = createNetworks(config);
  const described = describeState(config).map((description) => {
    const { name, role, shape, layout } = description;
    const variable = variableOf(description);
    const entry: Entry = { name, layout, dimensions: torchShape(layout, shape).length, variable };
    return { role, entry };
  });
  const entries = new Map(described.map(({ entry }) => [entry.name, entry]));
  const entry = (name: string): Entry => {
    const found = entries.get(name);
    if (found === undefined) throw new Error(`the model has no tensor "${name}"`);
    return found;
  };
  const withRole = (wanted: Description['role']): Entry[] =>
    described.filter(({ role }) => role === wanted).map((one) => one.entry);
  const { slots } = OPTIMIZERS[config.optimizer];
  return {
    config,
    networks,
    student: withRole('student').map((one) => ({
      ...one,
      slots: slots.map(({ prefix }) => entry(`${prefix}.${one.name}`)),
    })),
    teacher: withRole('teacher'),
    batchesTracked: new Map(normNames(networks).map(({ name }) => [name, 0])),
    center: entry('center'),
    entries,
    entry,
  };
}

/** Frees the state. */
export function discardModel(engine: Engine, model: Model): void {
  for (const { variable } of model.entries.values()) engine.discard(variable);
}

/** Every BatchNorm of both networks by its full name. */
function normNames(networks: Networks): NormSpec[] {
  const named = (role: NetworkName, parts: readonly Part[]): NormSpec[] =>
    parts.flatMap((part) =>
      normsOf(networks, part).map(({ name, channels }) => ({ name: `${prefixOf(role, part)}.${name}`, channels })),
    );
  return [...named('student', STUDENT_PARTS), ...named('teacher', TEACHER_PARTS)];
}

function prefixOf(network: NetworkName, part: Part): string {
  const prefixes: Partial<Record<Part, string>> = PREFIX[network];
  const prefix = prefixes[part];
  if (prefix === undefined) throw new Error(`the ${network} has no ${part}`);
  return prefix;
}
