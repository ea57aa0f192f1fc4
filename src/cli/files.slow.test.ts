import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { commandArguments } from '../../scripts/commands.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { readCheckpoint } from '../checkpoint/checkpoint.ts';
import { EXPORT_FORMATS } from '../checkpoint/formats.ts';
import { defined } from '../lib/defined.ts';

const COMMANDS = { export: await commandArguments('export'), import: await commandArguments('import') };
const PUBLISHED = join(ROOT, 'src/testing/goldens/ckpt_epoch_1.pth');
const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

/** `npm run export` and `npm run import` without the set-up before them. */
function run(name: keyof typeof COMMANDS, ...args: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [...COMMANDS[name], ...args], { cwd: ROOT, encoding: 'utf8' });
  return { status, stderr };
}

it('a published checkpoint is imported, exported and imported again bit for bit', () => {
  expect(run('import', '--from', PUBLISHED, '--out', at('1.safetensors'))).toMatchObject({ status: 0 });
  const out = ['--checkpoint', at('1.safetensors'), '--to', 'slotcon-pth', '--out', at('2.pth')];
  expect(run('export', ...out)).toEqual({ status: 0, stderr: '' });
  run('import', '--from', at('2.pth'), '--out', at('2.safetensors'));
  expect(readFileSync(at('2.safetensors')).equals(readFileSync(at('1.safetensors')))).toBe(true);
});

it('every format is exported as listed, from a .pth too', async () => {
  const { id, write } = defined(
    EXPORT_FORMATS.find((format) => format.id === 'mmseg'),
    'format',
  );
  expect(run('export', '--checkpoint', PUBLISHED, '--to', id, '--out', at('encoder.pth'))).toMatchObject({ status: 0 });
  const checkpoint = readCheckpoint(readFileSync(at('1.safetensors')));
  expect(readFileSync(at('encoder.pth')).equals(Buffer.concat([...(await write(checkpoint))]))).toBe(true);
});

it('an encoder starts a run, and the matched tensors are printed', () => {
  const settings = ['--preset', 'quick', '--set', 'width=0.03125', '--set', 'seed=7'];
  const { status, stderr } = run('import', '--from', at('encoder.pth'), '--out', at('start.safetensors'), ...settings);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^90 tensors of the encoder matched, 0 were missing/);
  expect(stderr).toMatch(/unused {3}layer4\.0\.conv1\.weight/);
  const { config, position, tensors } = readCheckpoint(readFileSync(at('start.safetensors')));
  expect([config.seed, config.prototypes, position.step]).toEqual([7, 16, 0]);
  const published = readCheckpoint(readFileSync(at('1.safetensors'))).tensors;
  expect(tensors.get('encoder_q.conv1.weight')).toEqual(published.get('encoder_k.conv1.weight'));
});

it.each([
  [
    1,
    'import',
    ['--from', at('encoder.pth'), '--out', at('no')],
    /^No convolution.*looks like resnet18 of width 0.03125\. Add --set arch=resnet18 --set width=0.03125\.\n$/,
  ],
  [1, 'import', ['--from', at('missing'), '--out', at('no')], /missing" can't be read.*\n$/],
  [1, 'export', ['--checkpoint', at('encoder.pth'), '--to', 'mmseg', '--out', at('no')], /npm run import/],
  [
    1,
    'export',
    ['--checkpoint', PUBLISHED, '--to', 'mmseg', '--out', at('nowhere/no')],
    /nowhere\/no" can't be written/,
  ],
  [
    2,
    'export',
    ['--checkpoint', PUBLISHED, '--to', 'tar', '--out', at('no')],
    /^Usage: npm run export[^\n]*\nOptions: [^\n]*\n[^\n]*--help\n\n--to is "tar"; it takes safetensors[^\n]*\n$/,
  ],
  [
    1,
    'export',
    ['--checkpoint', PUBLISHED, '--to', 'mmseg', '--out', at('encoder.pth')],
    /is there already.*--overwrite/,
  ],
  [1, 'import', ['--from', PUBLISHED, '--out', at('encoder.pth')], /is there already.*--overwrite/],
  [2, 'export', ['--checkpoint', PUBLISHED, '--to', 'embeddings-npy', '--out', at('no')], /--images goes with/],
  [
    2,
    'import',
    ['--from', at('encoder.pth'), '--out', at('no'), '--set', 'archi=x'],
    /^Usage: npm run import[^\n]*\nOptions: [^\n]*\n[^\n]*--help\n\nThere is no setting "archi"[^\n]*\n$/,
  ],
  [2, 'import', ['--from', PUBLISHED, '--out', at('no'), '--preset', 'tiny'], /--preset is for encoders/],
] as const)('ends with %d and a reason: %s', (status, name, args, reason) => {
  const ended = run(name, ...args);
  expect(ended.stderr).toMatch(reason);
  expect(ended.status).toBe(status);
  expect(readdirSync(folder).filter((file) => file.startsWith('no'))).toEqual([]);
});
