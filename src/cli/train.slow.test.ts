import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { commandArguments } from '../../scripts/commands.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { SHOWN_IMAGES } from '../config/explore.ts';
import { sampleScene } from '../data/scenes/samples.ts';
import type { Advice } from '../signals/advice/advice.ts';
import { SMALL_NETWORK } from '../testing/smallNetwork.ts';

const folder = mkdtempSync(join(tmpdir(), 'train-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMAND = [...(await commandArguments('train')), '--in', 'node', '--preset', 'tiny'];

/** `npm run train -- --in node` without the set-up before it. */
function train(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...COMMAND, ...args], { cwd: ROOT, encoding: 'utf8', timeout: 100_000 });
}

/** The same, killed without warning once its output matches. */
async function killAt(pattern: RegExp, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += String(text);
    if (pattern.test(printed)) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal, printed).toBe('SIGKILL');
}

const SMALL = Object.entries({ ...SMALL_NETWORK, steps: 2 }).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** Writes drawn scenes, and their masks beside them. */
function writeScenes(name: string, count: number): { images: string; masks: string } {
  const [images, masks] = ['images', 'masks'].map((part) => join(folder, name, part));
  for (const path of [images, masks]) mkdirSync(path, { recursive: true });
  for (let index = 0; index < count; index++) {
    const { image, mask } = sampleScene(0, index, SMALL_NETWORK.workingSize);
    writeFileSync(join(images, `${index}.png`), encode({ ...image, channels: 3 }));
    writeFileSync(join(masks, `${index}.png`), encode({ ...image, data: mask, channels: 1 }));
  }
  return { images, masks };
}

it.each([[[]], [['--sweep', 'prototypes=8,16']]])('a folder that can’t be made ends it at once: %s', (more) => {
  const { status, stdout, stderr } = train(...SMALL, ...more, '--out', '/proc/x/y');
  expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining('"/proc/x/y" can\'t be written')]);
});

describe('a sweep', () => {
  it('trains and scores every combination with every seed, and makes a table of them', () => {
    const out = join(folder, 'sweep');
    const { images, masks } = writeScenes('labeled', 8);
    const labeled = ['--images', images, '--masks', masks];
    const sweep = ['--sweep', 'groupLossWeight=0,1', '--seeds', '2'];
    const { status, stdout, stderr } = train(...SMALL, ...labeled, ...sweep, '--out', out);
    expect(status, stderr).toBe(0);
    const [head, ...runs] = readFileSync(join(out, 'sweep.csv'), 'utf8').trimEnd().split('\r\n');
    expect(head).toMatch(/^groupLossWeight,seed,loss,.*"mIoU, %","mIoU, edges, %",.*,NMI,"NMI, edges",failure$/);
    const kMeans = runs.splice(4);
    expect(runs.map((line) => line.split(',').slice(0, 2).join())).toEqual(['0,0', '0,1', '1,0', '1,1']);
    // Scores, and nothing of a training or along edges.
    const color = `"k-means on color, ${SMALL_NETWORK.prototypes} clusters"`;
    for (const [seed, line] of kMeans.entries())
      expect(line).toMatch(new RegExp(`^${color},${seed},+[\\d.]+,,[\\d.]+,0\\.[\\d]+,,$`));
    expect(kMeans).toHaveLength(2);
    // λ_g = 1 leaves the grouping loss alone, 0 the slot loss.
    const columns = (line: string): number[] => line.split(',').map(Number);
    for (const line of runs.map(columns)) expect(line[2]).toBeCloseTo(line[0] === 1 ? line[3] : line[4], 5);
    const table = readFileSync(join(out, 'sweep.md'), 'utf8').trimEnd().split('\n');
    expect(table).toHaveLength(5);
    expect(stdout).toContain(table[3]);
    const again = train(...SMALL, '--sweep', 'groupLossWeight=0,1', '--out', out);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('holds a sweep already')]);
    const summary: unknown = JSON.parse(readFileSync(join(out, 'groupLossWeight=1_seed=1', 'run.json'), 'utf8'));
    expect(summary).toMatchObject({ steps: 2 });

    // A new run from the weights of one of them, with what to do after it.
    const weights = join(out, 'groupLossWeight=1_seed=1', 'checkpoint.safetensors');
    const anew = train('--resume', weights, '--anew', '--out', join(folder, 'anew'));
    expect(anew.status, anew.stderr).toBe(0);
    const written = JSON.parse(readFileSync(join(folder, 'anew', 'run.json'), 'utf8')) as { advice: Advice[] };
    expect(written).toMatchObject({ steps: 2, outcome: 'finished', config: { groupLossWeight: 1, seed: 1 } });
    expect(anew.stdout).toContain('What to do next:\n- ');
    expect(written.advice.length).toBeGreaterThan(0);
    for (const { text } of written.advice) expect(anew.stdout).toContain(`- ${text}`);
  });

  it.each([
    [['--sweep', 'prototypes=8'], 'two or more different values'],
    [['--sweep', 'prototips=8,16'], 'Did you mean "prototypes"'],
    [['--sweep', 'prototypes=8,16', '--resume', 'x'], 'leave out --resume'],
    [['--seeds', '3'], '--seeds goes with --sweep'],
    [['--masks', 'x'], '--masks goes with --images and --sweep'],
    [['--sweep', 'prototypes=8,16', '--void', '0'], '--void goes with --masks'],
  ])('%s is refused with the usage', (args, why) => {
    const { status, stderr } = train(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    // Three lines of usage and an empty one, then the reason.
    expect(stderr.trimEnd().split('\n')).toHaveLength(5);
    expect(stderr).toMatch(/^Usage: npm run train/);
  });
});

describe('a run that starts from a file', () => {
  it('takes the weights of a run with the networks they need, and starts anew at the rates of a trained encoder', () => {
    const file = join(folder, 'sweep', 'groupLossWeight=1_seed=1', 'checkpoint.safetensors');
    const out = join(folder, 'start');
    const settings = ['batchSize=2', 'accumulate=2', 'cropSize=32', 'steps=20'].flatMap((one) => ['--set', one]);
    const { status, stdout, stderr } = train('--start-from', file, ...settings, '--steps', '3', '--out', out);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/Changed to suit ".*encoderLrFactor=0\.1 \(was 1\), freezeEncoderSteps=2 \(was 0\)/);
    expect(stderr).toContain('The networks and prototypes start with the weights of a run.');
    expect(stdout).toMatch(/Memory: \d+ MiB/);
    const { width, stages, hiddenDim, outDim, prototypes } = SMALL_NETWORK;
    const changed = { accumulate: 2, encoderLrFactor: 0.1, freezeEncoderSteps: 2 };
    const config = { width, stages, hiddenDim, outDim, prototypes, ...changed };
    const summary: unknown = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(summary).toMatchObject({ steps: 3, totalSteps: 20, config, hostBytesPerStep: expect.any(Number) as number });
  });

  it('has a schedule of its own', () => {
    const { status, stderr } = train('--start-from', 'x', '--resume', 'y');
    expect([status, stderr]).toEqual([2, expect.stringContaining('leave out --resume and --explore')]);
  });
});

describe('an exploration', () => {
  it('killed in the middle of a run, goes on at that run, and ends in a sheet and its numbers', async () => {
    const out = join(folder, 'explore');
    const { images } = writeScenes('explored', SHOWN_IMAGES);
    const options = [...SMALL.slice(0, -2), '--images', images, '--explore', '--steps', '8', '--out', out];
    await killAt(/run 3 of 8: slotsBy=both seed=0[^]*step 1\/8/, options);
    const files = ['slotsBy=color_seed=0', 'slotsBy=color_seed=1'].flatMap((run) =>
      ['run.json', 'metrics.jsonl', 'checkpoint.safetensors'].map((name) => join(out, run, name)),
    );
    const writtenAt = (): number[] => files.map((file) => statSync(file).mtimeMs);
    const before = writtenAt();
    const again = train(...options);
    expect(again.status, again.stderr).toBe(0);
    expect(writtenAt()).toEqual(before);
    expect(again.stdout.match(/run \d of 8: .* \(kept\)/g)).toHaveLength(2);
    expect(again.stdout).toContain('run 3 of 8: slotsBy=both seed=0\n');
    expect(again.stdout).toContain('run 8 of 8: slotsBy=things seed=1 · ETA');
    // The interrupted run was trained anew.
    const metrics = readFileSync(join(out, 'slotsBy=both_seed=0', 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(metrics.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const read = (): { steps: number; recipes: { recipe: string; stability: number; runs: object[] }[] } =>
      JSON.parse(readFileSync(join(out, 'explore.json'), 'utf8')) as ReturnType<typeof read>;
    const { steps, recipes } = read();
    expect(steps).toBe(8);
    expect(recipes.map(({ recipe }) => recipe).sort()).toEqual(['both', 'color', 'shade', 'things']);
    const stabilities = recipes.map(({ stability }) => stability);
    expect(stabilities).toEqual(stabilities.toSorted((a, b) => b - a));
    for (const stability of stabilities) expect(stability).toBeGreaterThanOrEqual(0);
    // The images and four recipes.
    const { width, height } = await sharp(join(out, 'explore.png')).metadata();
    expect([width, height]).toEqual([SHOWN_IMAGES * 260 + 4, 5 * 284]);

    const other = train('--explore', '--out', out);
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining(`holds an exploration of ${images}`)]);
  }, 240_000);

  it('goes without a sweep', () => {
    const { status, stderr } = train('--explore', '--sweep', 'prototypes=8,16');
    expect([status, stderr]).toEqual([2, expect.stringContaining('leave out --sweep and --resume')]);
  });
});
