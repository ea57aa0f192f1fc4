import { writeFileSync } from 'node:fs';
import { toMarkdown } from '../bench/report.ts';
import { checkFile } from './output/outputPath.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';

const USAGE = `Usage: npm run bench -- [options]
  Measures us and our peers (tfjs, jax-js, PyTorch, plain code) side by side in one run. Progress goes to stderr, the result to
  stdout as JSON: { adapter, date, rows: [{ name, ours, peer, peerName, unit, ratio, min, max }], skipped }. A ratio above 1:
  we are ahead. Medians over rounds of which each gives every side a turn.
  --only NAME         benchmarks whose name contains NAME: step, kernel, norm, optimizer, augmentation, data, …
  --json FILE         writes the JSON there instead
  --markdown FILE     writes a table there as well
  --in node|browser   in this process (default) or in a headless Chromium
  --rounds N          how often each side is measured (default 5)`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    only: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    in: { type: 'string', default: 'node' },
    rounds: { type: 'string', default: '5' },
  });
  const where = oneOf('--in', values.in, ['node', 'browser']);
  if (!/^[1-9]\d{0,3}$/.test(values.rounds)) throw new UsageError('--rounds takes a whole number, 1 or more.');
  for (const file of [values.json, values.markdown]) if (file !== undefined) checkFile(file, true);
  const options = { only: values.only, rounds: Number(values.rounds) };
  const tell = (line: string): void => console.error(line);
  // Imported on demand: one needs a browser and a server, the other Dawn.
  const report =
    where === 'node'
      ? await (await import('./benchNode.ts')).benchInNode(options, tell)
      : await (await import('./benchBrowser.ts')).benchInBrowser(options, tell);
  const json = JSON.stringify(report, undefined, 2);
  if (values.json === undefined) console.log(json);
  else writeFileSync(values.json, `${json}\n`);
  if (values.markdown !== undefined) writeFileSync(values.markdown, toMarkdown(report));
  const failed = report.skipped.filter((one) => one.failed);
  if (failed.length > 0) console.error(`${failed.length} of the benchmarks failed; see above.`);
  return failed.length > 0 ? 1 : 0;
});
