import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TuneMode } from '../../domain/tuneMode.ts';
import type { Adapter } from '../../gpu/device.ts';
import type { Engine } from '../../ops/engine.ts';
import { tuneKernels } from '../../ops/tuning/tuneKernels.ts';
import { recallKernels, usualTuning } from '../../ops/tuning/tuning.ts';
import { asEntries, createMemory } from '../../state/platform/memory.ts';
import { showPreparing } from './progress.ts';

const fileOf = (key: string): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), `${key}.json`);

/** What the page remembers in the browser's storage. */
const memory = createMemory(() => ({
  getItem: (key) => readFileSync(fileOf(key), 'utf8'),
  setItem: (key, value) => {
    mkdirSync(dirname(fileOf(key)), { recursive: true });
    writeFileSync(fileOf(key), value);
  },
}));
const KERNELS = 'kernels';

/** All runs of a command take what its first one measured. */
let hasMeasured = false;

/** Lets the engine take the fastest kernels, measured now or by an earlier command, if that is wanted; says which. */
export async function tuneInNode(wanted: TuneMode | undefined, adapter: Adapter, engine: Engine): Promise<void> {
  const mode = wanted ?? usualTuning(adapter);
  if (engine.name !== 'compiled' || mode === 'off') return;
  const on = `${adapter.description}, node ${process.version}`;
  const known = asEntries(memory.recall(KERNELS));
  const before = mode === 'again' && !hasMeasured ? undefined : known[on];
  if (typeof before === 'string' && recallKernels(engine, before)) {
    console.log(`Kernels, measured before: ${engine.kernels()}`);
    return;
  }
  const remember = (kernels: string): void => memory.remember(KERNELS, { ...known, [on]: kernels });
  const onProgress = (fraction: number): void => showPreparing(fraction, 'Measuring the fastest kernels');
  const attempts = await tuneKernels(engine, { software: adapter.software, onProgress, remember });
  // The time may have been over before all were measured.
  onProgress(1);
  hasMeasured = true;
  console.log(`Kernels, the fastest of ${attempts.length + 1} measured: ${engine.kernels()}`);
}
