import type { Config } from '../config/fields.ts';
import type { Random } from '../lib/random.ts';
import { initialValues } from '../nn/init.ts';
import { torchShape, type Layout, type NormSpec } from '../nn/params.ts';
import type { Engine, Variable } from '../ops/ops.ts';
import {
  createNetworks,
  normsOf,
  parametersOf,
  STUDENT_PREFIX,
  TEACHER_PREFIX,
  type Networks,
  type Part,
} from './networks.ts';

/** One tensor of the state, by its published name. */
export interface Entry {
  readonly name: string;
  readonly layout: Layout;
  /** Dimensions as PyTorch sees them. */
  readonly dimensions: number;
  readonly variable: Variable;
}

/** All that a step reads and writes. Lists hold their entries in the published order. */
export interface Model {
  readonly config: Config;
  readonly networks: Networks;
  /** Encoder, projector, prototypes, predictor. */
  readonly student: readonly Entry[];
  /** Encoder, projector, prototypes: entry i follows entry i of the student. */
  readonly teacher: readonly Entry[];
  /** One momentum for each parameter of the student, named `optimizer.<parameter>`. */
  readonly momenta: readonly Entry[];
  /** Running means and variances of both networks, by full name (`encoder_q.bn1.running_mean`). */
  readonly buffers: ReadonlyMap<string, Entry>;
  /** `num_batches_tracked` of every BatchNorm, by its full name (`encoder_q.bn1`). */
  readonly batchesTracked: Map<string, number>;
  /** [1,K] */
  readonly center: Entry;
  /** Every entry above that holds a tensor, by name. */
  readonly entries: ReadonlyMap<string, Entry>;
}

const STUDENT_PARTS: readonly Part[] = ['encoder', 'projector', 'grouping', 'predictor'];
const TEACHER_PARTS = ['encoder', 'projector', 'grouping'] as const;

/** One tensor of the state, before it has values. */
interface Description {
  readonly name: string;
  readonly role: 'student' | 'teacher' | 'momentum' | 'buffer' | 'center';
  readonly shape: readonly number[];
  readonly layout: Layout;
  initial(random: Random): Float32Array;
}

/** Every tensor of a model's state, in the published order with the momenta last. */
export function describeState(networks: Networks): Description[] {
  const parameters = (role: 'student' | 'teacher', prefixes: Prefixes, parts: readonly Part[]): Description[] =>
    parts.flatMap((part) =>
      parametersOf(networks, part).map((spec) => ({
        name: `${prefixes[part]}.${spec.name}`,
        role,
        shape: spec.shape,
        layout: spec.layout,
        // By part, not by network: the teacher starts as a copy of the student.
        initial: (random) => initialValues(spec, random.fork(`init/${part}`)),
      })),
    );
  const constant = (name: string, role: Description['role'], shape: readonly number[], value: number): Description => ({
    ...{ name, role, shape, layout: 'plain' },
    initial: () => new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
  });
  const student = parameters('student', STUDENT_PREFIX, STUDENT_PARTS);
  const buffers = normNames(networks).flatMap(({ name, channels }) => [
    constant(`${name}.running_mean`, 'buffer', [channels], 0),
    constant(`${name}.running_var`, 'buffer', [channels], 1),
  ]);
  return [
    constant('center', 'center', [1, networks.prototypes.shape[0]], 0),
    ...student,
    ...parameters('teacher', TEACHER_PREFIX, TEACHER_PARTS),
    ...buffers,
    ...student.map(({ name, shape, layout }) => ({
      ...constant(`optimizer.${name}`, 'momentum', shape, 0),
      layout,
    })),
  ];
}

type Prefixes = Readonly<Partial<Record<Part, string>>>;

/** A fresh model; the teacher starts as a copy of the student's parameters. */
export function createModel(engine: Engine, config: Config, random: Random): Model {
  const networks = createNetworks(config);
  const described = describeState(networks).map(({ name, role, shape, layout, initial }) => {
    const variable = engine.variable(name, shape, initial(random));
    const entry: Entry = { name, layout, dimensions: torchShape(layout, shape).length, variable };
    return { role, entry };
  });
  const withRole = (wanted: Description['role']): Entry[] =>
    described.filter(({ role }) => role === wanted).map(({ entry }) => entry);
  return {
    config,
    networks,
    student: withRole('student'),
    teacher: withRole('teacher'),
    momenta: withRole('momentum'),
    buffers: new Map(withRole('buffer').map((entry) => [entry.name, entry])),
    batchesTracked: new Map(normNames(networks).map(({ name }) => [name, 0])),
    center: withRole('center')[0],
    entries: new Map(described.map(({ entry }) => [entry.name, entry])),
  };
}

/** Frees the state. */
export function discardModel(engine: Engine, model: Model): void {
  for (const { variable } of model.entries.values()) engine.discard(variable);
}

/** Every BatchNorm of both networks by its full name. */
function normNames(networks: Networks): NormSpec[] {
  const of = (prefix: string, part: Part): NormSpec[] =>
    normsOf(networks, part).map(({ name, channels }) => ({ name: `${prefix}.${name}`, channels }));
  return [
    ...STUDENT_PARTS.flatMap((part) => of(STUDENT_PREFIX[part], part)),
    ...TEACHER_PARTS.flatMap((part) => of(TEACHER_PREFIX[part], part)),
  ];
}
