import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { stepRecord } from '../../testing/fakeRun.ts';
import { checkRunFolder, createRunFolder } from './runFolder.ts';
import type { TrainJob } from './trainJob.ts';

let out = '';
beforeEach(() => void (out = mkdtempSync(join(tmpdir(), 'run-'))));
afterEach(() => rmSync(out, { recursive: true }));

const config = presetConfig('tiny');
const job = (parts: Partial<TrainJob> = {}) => ({
  out,
  overwrite: false,
  resume: undefined,
  anew: false,
  images: undefined,
  report: false,
  ...parts,
});
const resume = (path: string, step: number) =>
  ({ path, checkpoint: { position: { step } } }) as unknown as TrainJob['resume'];
const steps = (): number[] =>
  readFileSync(join(out, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);
/** A run of four steps with a checkpoint after the third, cut off in the middle of a line. */
function earlierRun(): void {
  const run = createRunFolder(job(), config);
  for (const step of [1, 2, 3, 4]) run.step({ ...stepRecord({}), step });
  run.checkpoint(new Uint8Array(1));
  writeFileSync(join(out, 'metrics.jsonl'), '{"step": 5, "lo', { flag: 'a' });
  writeFileSync(join(out, 'health.jsonl'), '{"step":0}\n{"step":3}\n');
  writeFileSync(join(out, 'overlays', 'step-000004-image-01.png'), '');
}

it('refuses a folder that holds another run, with what to do', () => {
  earlierRun();
  const checkpoint = join(out, 'checkpoint.safetensors');
  expect(() => checkRunFolder(job())).toThrow(
    `"${out}" holds a run already (checkpoint.safetensors, metrics.jsonl, health.jsonl, overlays). Name another folder, ` +
      `add --overwrite to replace it, or continue it with --resume ${checkpoint}.`,
  );
  mkdirSync(join(out, 'elsewhere'));
  expect(() => checkRunFolder(job({ resume: resume(join(out, 'elsewhere', 'x.safetensors'), 3) }))).toThrow(
    '--overwrite',
  );
  checkRunFolder(job({ out: join(out, 'elsewhere') }));
  // A new run from its own checkpoint would replace it.
  expect(() => checkRunFolder(job({ resume: resume(checkpoint, 3), anew: true }))).toThrow('--overwrite');
});

it('replaces all of the run with --overwrite', () => {
  earlierRun();
  checkRunFolder(job({ overwrite: true }));
  createRunFolder(job({ overwrite: true }), config).step({ ...stepRecord({}), step: 1 });
  expect(steps()).toEqual([1]);
  expect(readdirSync(out).sort()).toEqual(['health.jsonl', 'metrics.jsonl', 'overlays']);
  expect(readdirSync(join(out, 'overlays'))).toEqual([]);
});

it('continues a run from the checkpoint in its own folder, after the step of the checkpoint', () => {
  earlierRun();
  const again = job({ resume: resume(join(out, 'checkpoint.safetensors'), 3) });
  checkRunFolder(again);
  createRunFolder(again, config).step({ ...stepRecord({}), step: 4 });
  expect(steps()).toEqual([1, 2, 3, 4]);
  expect(readFileSync(join(out, 'health.jsonl'), 'utf8'), 'step 3 is drawn again').toBe('{"step":0}\n');
  expect(readdirSync(out)).toContain('checkpoint.safetensors');
});
