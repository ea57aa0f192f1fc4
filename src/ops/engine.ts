import { mapValues } from '../lib/mapValues.ts';
import type {
  EngineCore,
  Handle,
  HandleVariable,
  Program,
  VariableBytes,
  VariableSnapshot,
  ProgramPlan,
} from './ops.ts';
import { Tensor } from './tensor.ts';
import { mapTensors, tensorsOf } from './tensorTree.ts';

/** State across steps: a parameter, a buffer or a slot of the optimizer. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  /** The present value, inside the body of a program. */
  readonly value: Tensor;
}

/** Result of `Engine.gradients`. */
export interface Gradients<Aux> {
  readonly loss: Tensor;
  /** As the body returned it, usable after the call. */
  readonly aux: Aux;
  /** ∂loss/∂variable for each variable, in order; 0 where the loss doesn't depend on it. */
  readonly gradients: readonly Tensor[];
  /** ∂loss/∂tensor for each watched tensor, by its name. */
  readonly watched: Readonly<Record<string, Tensor>>;
}

type Shapes<Input extends string> = Readonly<Record<Input, readonly number[]>>;
type Inputs<Input extends string> = Readonly<Record<Input, Tensor>>;

/** Runs models: variables, programs, uploads and downloads. */
export interface Engine {
  readonly core: EngineCore;
  readonly name: EngineCore['name'];
  /** What the rounding of its results depends on, beside the adapter. */
  kernels(): string;
  /** Whether a program may be run again before the outputs of its last run are on the host. */
  readonly queuesRuns: boolean;
  /** Device on which inputs are best made; undefined where the host makes them. */
  readonly fillDevice?: GPUDevice;
  /** Returns a tensor of values in row-major order. Only in the body of a program, as `assign` and `gradients`. */
  constant(data: Float32Array, shape: readonly number[]): Tensor;
  /** Sets the value of a variable, to a tensor of the same size. */
  assign(variable: Variable, value: Tensor): void;
  /**
   * Differentiates `loss`, a scalar. `aux` is any nesting of objects and arrays with tensors. `watch` selects
   * intermediates from it whose gradients are returned, too.
   */
  gradients<Aux>(
    body: () => { readonly loss: Tensor; readonly aux: Aux },
    variables: readonly Variable[],
    watch?: (aux: Aux) => Readonly<Record<string, Tensor>>,
  ): Gradients<Aux>;
  /**
   * Creates a program from `body`, which an engine may call once or at every run: nothing in it may depend on values.
   * Outputs are returned to the host. `onProgress` is given the fraction that is prepared, from 0 to 1.
   */
  program<Input extends string, Output extends string>(
    shapes: Shapes<Input>,
    body: (inputs: Inputs<Input>) => Readonly<Record<Output, Tensor>>,
    onProgress?: (fraction: number) => void,
  ): Promise<Program<Input, Output>>;
  /**
   * What such a program takes; undefined for an engine that doesn't plan. Calls the body and allocates nothing. Throws
   * `gpu/tensor-too-large` where the memory can't be laid out on this adapter.
   */
  plan<Input extends string>(
    shapes: Shapes<Input>,
    body: (inputs: Inputs<Input>) => Readonly<Record<string, Tensor>>,
  ): ProgramPlan | undefined;
  /** A variable without memory, for bodies that are planned only; undefined for an engine that doesn't plan. */
  sketch(name: string, shape: readonly number[]): Variable | undefined;
  /** Bytes that variables of these shapes take, and a snapshot of them; undefined for an engine that doesn't plan. */
  variableBytes(shapes: readonly (readonly number[])[]): VariableBytes | undefined;
  /** Creates a variable; `data` in row-major order. Throws if its size doesn't match the shape. */
  variable(name: string, shape: readonly number[], data: Float32Array): Variable;
  /** Reads the present values. Never blocks the event loop. */
  read(variable: Variable): Promise<Float32Array>;
  /** Replaces a variable's value from the host. */
  write(variable: Variable, data: Float32Array): void;
  /** Copies the present values, until released. */
  snapshot(variables: readonly Variable[]): VariableSnapshot;
  /** Frees a variable. */
  discard(variable: Variable): void;
  /** Bytes that the host has sent to the device so far; undefined for an engine that doesn't count. */
  uploadedBytes(): number | undefined;
  /** Number of tensors and buffers alive, for leak tests. */
  tensorCount(): number;
}

class TensorVariable implements Variable {
  readonly core: EngineCore;
  readonly inner: HandleVariable;

  constructor(core: EngineCore, inner: HandleVariable) {
    this.core = core;
    this.inner = inner;
  }

  get name(): string {
    return this.inner.name;
  }

  get shape(): readonly number[] {
    return this.inner.shape;
  }

  get value(): Tensor {
    return new Tensor(this.core.ops, this.inner.value);
  }
}

/** Wraps an engine on handles as one on tensors. */
export function tensorEngine(core: EngineCore): Engine {
  const tensor = (handle: Handle): Tensor => new Tensor(core.ops, handle);
  const onHandles =
    <Input extends string, Output extends string>(body: (inputs: Inputs<Input>) => Readonly<Record<Output, Tensor>>) =>
    (inputs: Readonly<Record<Input, Handle>>): Readonly<Record<Output, Handle>> =>
      mapValues(body(mapValues(inputs, tensor)), ({ handle }) => handle);

  return {
    core,
    name: core.name,
    kernels: () => core.kernels,
    queuesRuns: core.queuesRuns,
    ...(core.fillDevice && { fillDevice: core.fillDevice }),
    constant: (data, shape) => tensor(core.constant(data, shape)),
    assign: (variable, value) => core.assign(innerOf(variable), value.handle),
    gradients: (body, variables, watch = () => ({})) => gradients(core, body, variables, watch),
    program: (shapes, body, onProgress) => core.program(shapes, onHandles(body), onProgress),
    plan: (shapes, body) => core.plan(shapes, onHandles(body)),
    sketch: (name, shape) => {
      const inner = core.sketch(name, shape);
      return inner && new TensorVariable(core, inner);
    },
    variableBytes: (shapes) => core.variableBytes(shapes),
    variable: (name, shape, data) => new TensorVariable(core, core.variable(name, shape, data)),
    read: (variable) => core.read(innerOf(variable)),
    write: (variable, data) => core.write(innerOf(variable), data),
    snapshot: (variables) => core.snapshot(variables.map(innerOf)),
    discard: (variable) => core.discard(innerOf(variable)),
    uploadedBytes: () => core.uploadedBytes(),
    tensorCount: () => core.tensorCount(),
  };
}

function gradients<Aux>(
  core: EngineCore,
  body: () => { readonly loss: Tensor; readonly aux: Aux },
  variables: readonly Variable[],
  watch: (aux: Aux) => Readonly<Record<string, Tensor>>,
): Gradients<Aux> {
  let made: { readonly loss: Tensor; readonly aux: Aux } | undefined;
  let names: string[] = [];
  const result = core.gradients(() => {
    made = body();
    const picked = watch(made.aux);
    names = Object.keys(picked);
    return {
      loss: made.loss.handle,
      kept: tensorsOf(made).map(({ handle }) => handle),
      watched: Object.values(picked).map(({ handle }) => handle),
    };
  }, variables.map(innerOf));
  if (!made) throw new Error('the engine did not call the body');
  const tensors = (handles: readonly Handle[]): Tensor[] => handles.map((handle) => new Tensor(core.ops, handle));
  const kept = tensors(result.kept).values();
  const { loss, aux } = mapTensors(made, (before) => kept.next().value ?? before);
  const watched = Object.fromEntries(tensors(result.watched).map((gradient, at) => [names[at], gradient]));
  return { loss, aux, gradients: tensors(result.gradients), watched };
}

function innerOf(variable: Variable): HandleVariable {
  if (variable instanceof TensorVariable) return variable.inner;
  throw new Error(`"${variable.name}" is not a variable of an engine`);
}
