import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Report } from '../src/bench/report.ts';
import { expect, test } from './fixtures.ts';

test('the benchmarks run in a browser and report their measurements', async () => {
  const command = ['scripts/run.mjs', 'bench', '--in', 'browser', '--only', 'optimizer', '--rounds', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const { adapter, rows, skipped } = JSON.parse(stdout) as Report;
  expect(adapter).toMatch(/swiftshader/i);
  expect(skipped).toEqual([]);
  expect(rows.map(({ name }) => name)).toEqual(['optimizer/LARS and moving average, quick']);
  for (const { ours, peer } of rows) expect(Math.min(ours, peer)).toBeGreaterThan(0);
});
