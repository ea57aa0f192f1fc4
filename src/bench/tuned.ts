import { tuneKernels } from '../ops/tuning/tuneKernels.ts';
import type { Bench, Benchmark } from './bench.ts';
import { createOurStep, disposeOurStep, stepping } from './ourStep.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { STEP_CASES, type StepCase } from './steps.ts';

/** A training step with the kernels that are measured on this adapter, against those of its class. */
export const TUNED_BENCHMARKS: readonly Benchmark[] = STEP_CASES.map((one) => ({
  name: `step/${one.name}, tuned kernels`,
  run: (bench) => compareTuned(bench, one),
}));

async function compareTuned(bench: Bench, { name: subject, config, needsGpu }: StepCase): Promise<void> {
  const name = `step/${subject}, tuned kernels`;
  const { adapter, rounds, clock } = bench;
  const { software } = adapter;
  if (needsGpu && software) {
    bench.skip(name, 'takes minutes on a software adapter');
    return;
  }
  const ours = await createOurStep(adapter, config(), (engine) => tuneKernels(engine, { software }));
  const usual = await createOurStep(adapter, config());
  try {
    const kernels = ours.engine.kernels();
    if (kernels === usual.engine.kernels()) {
      bench.skip(name, `in the time for it, none was measured to be faster than ${kernels}`);
      return;
    }
    const times = await race({ ours: stepping(ours), usual: stepping(usual) }, rounds, clock);
    bench.add(toRow(`${name}: ${kernels}`, 'ms', times.ours, 'kernels of its class', times.usual));
  } finally {
    for (const step of [ours, usual]) disposeOurStep(step);
  }
}
