import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readSafetensors } from '../../checkpoint/safetensors/readSafetensors.ts';
import { defined } from '../../lib/defined.ts';
import { UserError } from '../../lib/errors.ts';
import type { GoldenJson } from './golden.ts';
import { ITEMS, type GoldenSet, type Item } from './runParity.ts';

/** Finds the goldens below a folder: one set per folder with goldens, by its path. */
export function findGoldens(root: string): Map<string, GoldenSet> {
  let names: string[];
  try {
    names = statSync(root).isDirectory() ? (readdirSync(root, { recursive: true }) as string[]) : [];
  } catch {
    throw new UserError(
      'parity/unreadable',
      `The folder "${root}" can't be read. Name the one that holds the goldens.`,
    );
  }
  const sets = new Map<string, Map<string, { json: GoldenJson; file: ReturnType<typeof readSafetensors> }>>();
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const path = join(root, name);
    const json = JSON.parse(readFileSync(path, 'utf8')) as Partial<GoldenJson>;
    if (!ITEMS.includes(json.item as Item)) continue;
    const file = readSafetensors(new Uint8Array(readFileSync(tensorsOf(path))));
    const folder = relative(root, dirname(path));
    if (!sets.has(folder)) sets.set(folder, new Map());
    defined(sets.get(folder)).set(defined(json.item), { json: json as GoldenJson, file });
  }
  if (sets.size === 0) throw new UserError('parity/none', `There are no goldens below "${root}".`);
  return sets;
}

/** `step.json` → `step.safetensors`; `ckpt.json` → `ckpt_epoch_1.safetensors`. */
function tensorsOf(jsonPath: string): string {
  const stem = basename(jsonPath, '.json');
  const folder = dirname(jsonPath);
  const files = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  const found =
    files.find((name) => name === `${stem}.safetensors`) ?? files.find((name) => name.startsWith(`${stem}_`));
  if (!found) throw new UserError('parity/no-tensors', `"${jsonPath}" has no ${stem}.safetensors beside it.`);
  return join(folder, found);
}
