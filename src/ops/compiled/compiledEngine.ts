import type { AdapterProfile } from '../../gpu/adapterProfile.ts';
import { choicesToText, type KernelChoices } from '../../gpu/kernelChoices.ts';
import { Pipelines } from '../../gpu/pipelines.ts';
import { readBuffer } from '../../gpu/readBuffer.ts';
import { uploadedBytes } from '../../gpu/upload.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { EngineCore, Handle, HandleVariable, Ops, Program } from '../ops.ts';
import { createCompiledOps } from './compiledOps.ts';
import { createCompiledProgram, planProgram, type CompiledProgram, type Host, type Traced } from './compiledProgram.ts';
import { variableBytes, VariableMemory } from './deviceMemory.ts';
import { differentiate } from './differentiate.ts';
import { Trace, valueOf, type Value } from './graph.ts';

/** The trace of the body that is being called. */
interface Tracing {
  readonly trace: Trace;
  readonly ops: Ops;
  /** Value of each variable at this point of the body. */
  readonly current: Map<HandleVariable, Value>;
  readonly assigned: Value[];
}

export interface CompiledEngine extends EngineCore {
  readonly name: 'compiled';
  readonly device: GPUDevice;
  /** How programs are compiled from now on. */
  readonly profile: AdapterProfile;
  /** Changes the kernels of programs that are yet to be made. */
  choose(choices: KernelChoices): void;
  /** Those alive, in the order of their creation. */
  programs(): readonly CompiledProgram[];
}

type Body = (inputs: Readonly<Record<string, Handle>>) => Readonly<Record<string, Handle>>;

/**
 * The engine on WebGPU: a program's body is traced once, and a fixed list of commands is replayed at every run, with
 * all memory planned and every pipeline and binding made beforehand.
 */
export function createCompiledEngine(device: GPUDevice, profile: AdapterProfile): CompiledEngine {
  const memory = new VariableMemory(device);
  const pipelines = new Pipelines(device);
  const programs = new Set<CompiledProgram>();
  let choices: KernelChoices = profile;
  let tracing: Tracing | undefined;

  const inBody = (): Tracing => {
    if (!tracing) throw new Error('only available in the body of a program');
    return tracing;
  };
  const currentOf = (variable: HandleVariable): Value => {
    const { trace, current } = inBody();
    let value = current.get(variable);
    if (!value) current.set(variable, (value = trace.value(variable.shape, { kind: 'variable', variable })));
    return value;
  };
  const host: Host = {
    ...profile,
    device,
    pipelines,
    locate: ({ origin }) => {
      if (origin.kind !== 'variable' && origin.kind !== 'assigned') throw new Error(`a ${origin.kind} has no memory`);
      return memory.rangeOf(origin.variable);
    },
  };

  const traceOf = (shapes: Readonly<Record<string, readonly number[]>>, body: Body): Traced => {
    if (tracing) throw new Error('the body of another program is being traced');
    const trace = new Trace(choices.parallelism);
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, trace.value(shape, { kind: 'input', name })]),
    );
    const assigned: Value[] = [];
    tracing = { trace, ops: createCompiledOps(trace, choices), current: new Map(), assigned };
    try {
      return { inputs, outputs: body(inputs) as Record<string, Value>, assigned };
    } finally {
      tracing = undefined;
    }
  };

  const program: EngineCore['program'] = async <Input extends string, Output extends string>(
    shapes: Readonly<Record<Input, readonly number[]>>,
    body: (inputs: Readonly<Record<Input, Handle>>) => Readonly<Record<Output, Handle>>,
    onProgress: (fraction: number) => void = () => undefined,
  ): Promise<Program<Input, Output>> => {
    const traced = traceOf(shapes, body);
    const made = await createCompiledProgram(host, traced, onProgress, () => programs.delete(made));
    programs.add(made);
    return made;
  };

  const sketch = (name: string, shape: readonly number[]): HandleVariable => {
    const variable: HandleVariable = {
      name,
      shape,
      get value() {
        return currentOf(variable);
      },
    };
    return variable;
  };

  return {
    name: 'compiled',
    queuesRuns: true,
    device,
    get profile() {
      return { ...profile, ...choices };
    },
    get kernels() {
      return choicesToText(choices);
    },
    choose: ({ gemm, parallelism }) => (choices = { gemm, parallelism }),
    ...(profile.augments && { fillDevice: device }),
    get ops() {
      return inBody().ops;
    },
    constant: (data, shape) => inBody().trace.value(shape, { kind: 'constant', data }),
    assign: (variable, handle) => {
      const { trace, current, assigned } = inBody();
      const value = valueOf(handle);
      if (sizeOf(value.shape) !== sizeOf(variable.shape)) {
        throw new Error(`"${variable.name}" [${variable.shape.join(', ')}] can't hold [${value.shape.join(', ')}]`);
      }
      const after = trace.value(variable.shape, { kind: 'assigned', variable, value, before: currentOf(variable) });
      current.set(variable, after);
      assigned.push(after);
    },
    gradients: (body, variables) => {
      const { trace } = inBody();
      const targets = variables.map(currentOf);
      trace.watch(targets);
      const { loss, kept, watched } = body();
      const gradients = differentiate(trace, valueOf(loss), [...targets, ...watched.map(valueOf)]);
      return { kept, gradients: gradients.slice(0, targets.length), watched: gradients.slice(targets.length) };
    },
    program,
    plan: (shapes, body) => {
      const { plan, dispatches } = planProgram(host, traceOf(shapes, body));
      return { bytes: plan.report.plannedBytes, dispatches: dispatches.length };
    },
    sketch,
    variableBytes,
    variable: (name, shape, data) => {
      const variable = sketch(name, shape);
      memory.add(variable, data);
      return variable;
    },
    read: (variable) => {
      const { buffer, offset } = memory.rangeOf(variable);
      return readBuffer(device, buffer, offset, sizeOf(variable.shape));
    },
    write: (variable, data) => memory.write(variable, data),
    snapshot: (variables) => memory.snapshot(variables),
    discard: (variable) => memory.discard(variable),
    uploadedBytes: () => uploadedBytes(device),
    tensorCount: () => memory.count() + programs.size,
    programs: () => [...programs],
  };
}
