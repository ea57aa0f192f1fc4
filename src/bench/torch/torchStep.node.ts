import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../../scripts/setup.mjs';
import type { FindTorch, TorchStep } from './torchStep.ts';

const SCRIPT = join(ROOT, 'src/bench/torch/step.py');
/** Debian's own Python has its packages where another one is first in the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Looks for a Python with PyTorch: the one that PYTHON names, else the usual ones. */
export const findTorch: FindTorch = () => {
  const named = process.env['PYTHON'];
  const found = (named ? [named] : PYTHONS).find(
    (python) => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  return found === undefined ? undefined : (problem) => openTorch(found, problem);
};

async function openTorch(python: string, problem: Uint8Array): Promise<TorchStep> {
  const folder = await mkdtemp(join(tmpdir(), 'slotcon-bench-'));
  try {
    const file = join(folder, 'step.safetensors');
    await writeFile(file, problem);
    return await startTorch(python, file);
  } finally {
    // PyTorch has read it by now.
    await rm(folder, { recursive: true, force: true });
  }
}

async function startTorch(python: string, file: string): Promise<TorchStep> {
  const child = spawn(python, [SCRIPT, file]);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // Writing to a process that has ended: the missing answer tells.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', (error) => {
      errors += error.message;
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value) as Answer;
    await ended;
    throw new Error(`PyTorch ended: ${errors.trim().split('\n').at(-1)}`);
  };
  const { version, threads } = await answer<{ version: string; threads: number }>();
  return {
    name: `PyTorch ${version}, CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    train: async (steps, { lr, teacherMomentum }) => {
      child.stdin.write(`${JSON.stringify({ steps, lr, teacherMomentum })}\n`);
      return (await answer<{ losses: number[] }>()).losses;
    },
    dispose: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
