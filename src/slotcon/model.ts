import type { Config } from '../config/fields.ts';
import type { Random } from '../lib/random.ts';
import { initialValues } from '../nn/init.ts';
import { diskShape, type Layout, type ParameterSpec } from '../nn/params.ts';
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

/** A fresh model; the teacher starts as a copy of the student's parameters. */
export function createModel(engine: Engine, config: Config, random: Random): Model {
  const networks = createNetworks(config);
  const entry = (name: string, shape: readonly number[], layout: Layout, data: Float32Array): Entry => ({
    name,
    layout,
    dimensions: diskShape(layout, shape).length,
    variable: engine.variable(name, shape, data),
  });
  const values = (part: Part, spec: ParameterSpec): Float32Array => initialValues(spec, random.fork(`init/${part}`));
  const all = (prefixes: Readonly<Partial<Record<Part, string>>>, parts: readonly Part[]): Entry[] =>
    parts.flatMap((part) =>
      parametersOf(networks, part).map((spec) =>
        entry(`${prefixes[part]}.${spec.name}`, spec.shape, spec.layout, values(part, spec)),
      ),
    );
  const student = all(STUDENT_PREFIX, STUDENT_PARTS);
  const teacher = all(TEACHER_PREFIX, TEACHER_PARTS);
  const momenta = student.map(({ name, layout, variable: { shape } }) =>
    entry(`optimizer.${name}`, shape, layout, new Float32Array(sizeOf(shape))),
  );
  const center = entry('center', [1, config.prototypes], 'plain', new Float32Array(config.prototypes));

  const buffers = new Map<string, Entry>();
  const batchesTracked = new Map<string, number>();
  for (const [prefix, part] of normPrefixes()) {
    for (const { name, channels } of normsOf(networks, part)) {
      const full = `${prefix}.${name}`;
      const add = (kind: string, value: number): unknown =>
        buffers.set(
          `${full}.${kind}`,
          entry(`${full}.${kind}`, [channels], 'plain', new Float32Array(channels).fill(value)),
        );
      add('running_mean', 0);
      add('running_var', 1);
      batchesTracked.set(full, 0);
    }
  }
  const list = [center, ...student, ...teacher, ...buffers.values(), ...momenta];
  const entries = new Map(list.map((one) => [one.name, one]));
  return { config, networks, student, teacher, momenta, buffers, batchesTracked, center, entries };
}

/** Frees the state. */
export function discardModel(engine: Engine, model: Model): void {
  for (const { variable } of model.entries.values()) engine.discard(variable);
}

function normPrefixes(): (readonly [string, Part])[] {
  const students = STUDENT_PARTS.map((part) => [STUDENT_PREFIX[part], part] as const);
  return [...students, ...TEACHER_PARTS.map((part) => [TEACHER_PREFIX[part], part] as const)];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
