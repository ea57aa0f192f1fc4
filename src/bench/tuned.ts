import { createEngine } from '../ops/createEngine.ts';
import { tuneKernels } from '../ops/tuning/tuneKernels.ts';
import type { Bench, Benchmark } from './bench.ts';
import { createOurStep, disposeOurStep, stepping } from './ourStep.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { stepBenchmarks, type StepCase } from './steps.ts';

/** A training step with the kernels that are measured on this adapter, against those of its class. */
export const TUNED_BENCHMARKS: readonly Benchmark[] = stepBenchmarks(', tuned kernels', compareTuned);

async function compareTuned(bench: Bench, name: string, { config }: StepCase): Promise<void> {
  const { adapter, rounds, clock } = bench;
  const engine = await createEngine(adapter);
  const before = engine.kernels();
  await tuneKernels(engine, { software: adapter.software });
  const kernels = engine.kernels();
  if (kernels === before) {
    bench.skip(name, `in the time for it, none was measured to be faster than ${kernels}`);
    return;
  }
  const ours = await createOurStep(adapter, config(), engine);
  const usual = await createOurStep(adapter, config());
  try {
    const times = await race({ ours: stepping(ours), usual: stepping(usual) }, rounds, clock);
    bench.add(toRow(`${name}: ${kernels}`, 'ms', times.ours, 'kernels of its class', times.usual));
  } finally {
    for (const step of [ours, usual]) disposeOurStep(step);
  }
}
