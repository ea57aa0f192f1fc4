import { openDawn } from '../gpu/dawn.node.ts';
import { createEngine, ENGINE_NAMES } from '../ops/createEngine.ts';
import type { Comparison } from '../testing/parity/compare.ts';
import { findGoldens } from '../testing/parity/goldens.node.ts';
import { ITEMS, runParity } from '../testing/parity/runParity.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';

const USAGE = `Usage: npm run parity -- DIR [--engine compiled|eager]
  Runs every golden below DIR and prints JSON { name: { quantity: { maxRel, tolerance, ok } } }; exit code 1 if any is off.`;

await command(USAGE, async () => {
  const { values, positionals } = parseOptions({ engine: { type: 'string', default: 'compiled' } }, 1);
  const name = oneOf('--engine', values.engine, ENGINE_NAMES);
  if (positionals.length !== 1) throw new UsageError('Name the folder that holds the goldens.');
  const sets = findGoldens(positionals[0]);
  const adapter = await openDawn();
  console.error(`Adapter: ${adapter.description} (${adapter.backend}, ${name} engine)`);
  const engine = await createEngine(adapter, name);
  const results: Record<string, Record<string, Comparison>> = {};
  for (const [folder, set] of sets) {
    for (const item of ITEMS.filter((one) => set.has(one))) {
      const name = folder === '' ? item : `${folder}/${item}`;
      console.error(`Running ${name} …`);
      results[name] = await runParity(engine, set, item);
    }
  }
  console.log(JSON.stringify(results, undefined, 2));
  return Object.values(results).every((quantities) => Object.values(quantities).every(({ ok }) => ok)) ? 0 : 1;
});
