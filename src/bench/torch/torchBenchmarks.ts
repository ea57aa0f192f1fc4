import type { Config } from '../../config/fields.ts';
import type { Bench, Benchmark } from '../bench.ts';
import { createOurStep, disposeOurStep, RATES, stepping } from '../ourStep.ts';
import { race } from '../race.ts';
import { toRow } from '../report.ts';
import { STEP_CASES } from '../steps.ts';
import { openSameStep, type OpenTorch } from './torchStep.ts';

/** A training step of the compiled engine against PyTorch on the CPU of the same machine. */
export const TORCH_BENCHMARKS: readonly Benchmark[] = STEP_CASES.filter(({ needsGpu }) => !needsGpu).map(
  ({ name, config }) => ({
    name: `step/${name} against PyTorch`,
    run: async (bench) => {
      const open = bench.findTorch?.();
      if (open) return compare(bench, `step/${name}`, config(), open);
      const place = bench.findTorch ? 'there is no Python with torch' : 'runs in Node only (--in node), with torch';
      bench.skip(`step/${name} against PyTorch`, `${place}: ${INSTALL}`);
    },
  }),
);

const INSTALL = 'apt-get install python3-torch, or name a Python that has it, PYTHON=/path/to/python3';

async function compare(bench: Bench, name: string, config: Config, open: OpenTorch): Promise<void> {
  const ours = await createOurStep(bench.adapter, config);
  try {
    const torch = await openSameStep(open, ours);
    try {
      const inTorch = async (times: number): Promise<void> => {
        await torch.train(times, RATES);
      };
      const times = await race({ ours: stepping(ours), peer: inTorch }, bench.rounds, bench.clock);
      bench.add(toRow(name, 'ms', times.ours, torch.name, times.peer));
    } finally {
      await torch.dispose();
    }
  } finally {
    disposeOurStep(ours);
  }
}
