import type { Comparison } from '../testing/parity/compare.ts';
import { findGoldens } from '../testing/parity/goldens.node.ts';
import { ITEMS, runParity } from '../testing/parity/runParity.ts';
import { command, parseOptions, UsageError } from './command.ts';
import { engineOption, openEngine } from './engine.ts';

const USAGE = `Usage: npm run parity -- DIR [--engine compiled|eager]
  Runs every golden below DIR and prints JSON { name: { quantity: { maxRel, tolerance, ok } } }; exit code 1 if any is off.`;

await command(USAGE, async () => {
  const { values, positionals } = parseOptions({ engine: { type: 'string' } }, 1);
  const name = engineOption(values.engine);
  if (positionals.length !== 1) throw new UsageError('Name the folder that holds the goldens.');
  const sets = findGoldens(positionals[0]);
  const { adapter, engine } = await openEngine(name);
  console.error(`Adapter: ${adapter.description} (${adapter.backend}, ${engine.name} engine)`);
  const results: Record<string, Record<string, Comparison>> = {};
  for (const [folder, set] of sets) {
    for (const item of ITEMS.filter((one) => set.has(one))) {
      const golden = folder === '' ? item : `${folder}/${item}`;
      console.error(`Running ${golden} …`);
      results[golden] = await runParity(engine, set, item);
    }
  }
  console.log(JSON.stringify(results, undefined, 2));
  return Object.values(results).every((quantities) => Object.values(quantities).every(({ ok }) => ok)) ? 0 : 1;
});
