import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine, type EngineName } from '../ops/createEngine.ts';
import type { CompiledEngine } from '../ops/compiled/compiledEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel } from '../slotcon/model.ts';
import { createStepProgram, type StepProgram } from '../trainer/stepProgram.ts';
import type { Bench, Benchmark } from './bench.ts';
import { startCounting } from './gpuCounters.ts';
import { randomBatch, RATES } from './ourStep.ts';
import { race, type Contender } from './race.ts';
import { countRow, median, toRow } from './report.ts';

const PEER = 'tfjs, eager';
/** Steps to count over, after as many warm-up steps. */
const COUNTED_STEPS = 3;
const SETTLING_STEPS = 2;

export interface StepCase {
  readonly name: string;
  readonly config: () => Config;
  /** Whether to measure resources of a step and the duration of the first step, too. */
  readonly anatomy: boolean;
  /** Too slow on a CPU. */
  readonly needsGpu: boolean;
}

/** In this order: the compile time of a case covers the kernels that no case before has compiled. */
export const STEP_CASES: readonly StepCase[] = [
  { name: 'quick', config: () => presetConfig('quick'), anatomy: true, needsGpu: false },
  {
    name: 'resnet18 width 1/4 at 64 px',
    config: () => makeConfig(presetConfig('quick'), { stages: 4, outputStride: 32 }),
    anatomy: false,
    needsGpu: false,
  },
  {
    name: 'resnet18 at 224 px, batch 8',
    config: () => makeConfig(presetConfig('paper'), { arch: 'resnet18', batchSize: 8 }),
    anatomy: false,
    needsGpu: true,
  },
];

/** A benchmark of each case, but for those that the adapter is too slow for. */
export function stepBenchmarks(
  ending: string,
  compare: (bench: Bench, name: string, one: StepCase) => Promise<void>,
): readonly Benchmark[] {
  return STEP_CASES.map((one) => {
    const name = `step/${one.name}${ending}`;
    return {
      name,
      run: async (bench) => {
        if (one.needsGpu && bench.adapter.software) bench.skip(name, 'takes minutes on a software adapter');
        else await compare(bench, name, one);
      },
    };
  });
}

/** Compares a whole training step of the compiled engine with the eager one on tfjs. */
export const STEP_BENCHMARKS: readonly Benchmark[] = stepBenchmarks('', compareStep);

async function compareStep(bench: Bench, name: string, { config: configOf, anatomy }: StepCase): Promise<void> {
  const config = configOf();
  const ours = await createSide(bench, 'compiled', config);
  const peer = await createSide(bench, 'eager', config);
  try {
    if (anatomy) await compareFirstStep(bench, name, ours, peer);
    else for (const side of [ours, peer]) await side.firstStep();
    const times = await race({ ours: stepping(ours), peer: stepping(peer) }, bench.rounds, bench.clock);
    bench.add(toRow(name, 'ms', times.ours, PEER, times.peer));
    if (anatomy) await compareAnatomy(bench, name, ours, peer);
  } finally {
    ours.dispose();
    peer.dispose();
  }
}

const stepping =
  ({ step }: Side): Contender =>
  async (times) => {
    for (let turn = 0; turn < times; turn++) await step().done;
  };

interface Side {
  readonly engine: Engine;
  /** Creates the step anew and runs it once; returns the milliseconds until its metrics arrive. */
  firstStep(): Promise<number>;
  /** One step: the JavaScript before the first wait has run when this returns. */
  step(): { readonly hostMs: number; readonly done: Promise<unknown> };
  dispose(): void;
}

/** Creates an engine with a model and a fixed batch. */
async function createSide({ adapter, clock }: Bench, name: EngineName, config: Config): Promise<Side> {
  const engine = await createEngine(adapter, name);
  const model = createModel(engine, config, createRandom(config.seed));
  const size = { count: config.batchSize, height: config.cropSize, width: config.cropSize };
  const batch = randomBatch(model, size);
  let stepProgram: StepProgram | undefined;
  return {
    engine,
    firstStep: async () => {
      stepProgram?.dispose();
      const started = clock();
      stepProgram = await createStepProgram(engine, model, size);
      await stepProgram.run(batch, RATES);
      return clock() - started;
    },
    step: () => {
      const started = clock();
      const done = defined(stepProgram, 'step program').run(batch, RATES);
      return { hostMs: clock() - started, done };
    },
    dispose: () => {
      stepProgram?.dispose();
      discardModel(engine, model);
    },
  };
}

/** Compares the time to the metrics of the first step, with nothing compiled and with everything compiled. */
async function compareFirstStep(bench: Bench, name: string, ours: Side, peer: Side): Promise<void> {
  for (const state of ['cold', 'warm']) {
    const [mine, theirs] = [await ours.firstStep(), await peer.firstStep()];
    bench.add(toRow(`${name} first step, ${state}`, 'ms', [mine], PEER, [theirs]));
  }
}

/** Compares JavaScript, commands and memory of a step. */
async function compareAnatomy(bench: Bench, name: string, ours: Side, peer: Side): Promise<void> {
  const [mine, theirs] = [await anatomyOf(bench, ours), await anatomyOf(bench, peer)];
  bench.add(toRow(`${name} host time`, 'ms', mine.hostMs, PEER, theirs.hostMs));
  const kibibytes = (bytes: number): number[] => [bytes / 2 ** 10];
  bench.add(toRow(`${name} host bytes a step`, 'KiB', kibibytes(mine.hostBytes), PEER, kibibytes(theirs.hostBytes)));
  for (const what of ['dispatches', 'submits', 'GPU buffers made'] as const) {
    bench.add(countRow(`${name} ${what}`, 'a step', mine.counts[what], PEER, theirs.counts[what]));
  }
  const report = (ours.engine.core as CompiledEngine).programs().at(0)?.report;
  if (!report) throw new Error('the compiled engine reports nothing of its program');
  const [planned, peak, all] = [report.plannedBytes, report.livePeakBytes, report.withoutReuseBytes].map(
    (bytes) => bytes / 2 ** 20,
  );
  bench.add(toRow(`${name} planned memory`, 'MiB', [planned], 'no reuse', [all]));
  bench.add(toRow(`${name} planned memory`, 'MiB', [planned], 'live peak', [peak]));
}

async function anatomyOf({ device }: Bench, { step }: Side) {
  for (let settling = 0; settling < SETTLING_STEPS; settling++) await step().done;
  const counting = startCounting(device);
  const hostMs: number[] = [];
  for (let counted = 0; counted < COUNTED_STEPS; counted++) {
    const { hostMs: milliseconds, done } = step();
    hostMs.push(milliseconds);
    await done;
  }
  const { dispatches, submits, buffersCreated, hostBytes } = counting.stop();
  const each = (total: number): number => total / COUNTED_STEPS;
  const counts = {
    dispatches: each(dispatches),
    submits: each(submits),
    'GPU buffers made': each(buffersCreated),
  };
  return { hostMs: [median(hostMs)], hostBytes: each(hostBytes), counts };
}
