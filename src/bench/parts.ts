import { presetConfig } from '../config/presets.ts';
import type { CompiledEngine } from '../ops/compiled/compiledEngine.ts';
import type { Bench, Benchmark } from './bench.ts';
import { createOurStep, disposeOurStep, stepping } from './ourStep.ts';
import { race } from './race.ts';
import { median, toRow } from './report.ts';
import { replayCommands } from './sides.ts';

const WHOLE = 'all of its dispatches';
/** Those whose time is arithmetic. */
const PRODUCTS = /^(conv|matMul)/;

/** Where the time of a step goes: its dispatches by kind of kernel, each kind by itself, beside all of them. */
export const PARTS_BENCHMARKS: readonly Benchmark[] = [{ name: 'parts/quick', run: compareParts }];

async function compareParts(bench: Bench): Promise<void> {
  const { adapter, device, rounds, clock } = bench;
  const step = await createOurStep(adapter, presetConfig('quick'));
  try {
    await stepping(step)(1);
    const { commands } = (step.engine.core as CompiledEngine).programs()[0];
    const names = [...new Set(commands.map(({ name }) => name))];
    const parts = [WHOLE, ...names].map((name) => {
      return [name, name === WHOLE ? commands : commands.filter((one) => one.name === name)] as const;
    });
    const contenders = Object.fromEntries(parts.map(([name, part]) => [name, replayCommands(device, part)]));
    const times = await race(contenders, rounds, clock);
    const best = await bench.fmaGflops();
    for (const [name, part] of parts.slice(1)) {
      const row = toRow(
        `parts/quick ${name}, ${part.length} of ${commands.length}`,
        'ms',
        times[name],
        WHOLE,
        times[WHOLE],
      );
      const gflops = part.reduce((total, one) => total + one.flop, 0) / median(times[name]) / 1e6;
      bench.add(PRODUCTS.test(name) ? { ...row, gflops, fmaShare: gflops / best } : row);
    }
  } finally {
    disposeOurStep(step);
  }
}
