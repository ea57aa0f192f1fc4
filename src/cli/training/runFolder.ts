import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/fields.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { prototypeColors } from '../../domain/palette.ts';
import type { Health, Overlay } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import { overlayPng } from './overlayPng.ts';
import { curvesPng } from './plot.ts';

/** Contents of `run.json`, besides versions and start time. */
export interface RunSummary {
  readonly config: Config;
  readonly where: 'browser' | 'node';
  readonly engine: string;
  readonly adapter: string;
  readonly images: { readonly name: string; readonly count: number };
  readonly skipped: readonly SkippedFile[];
  readonly steps: number;
  readonly outcome: string;
  readonly seconds: number;
}

/** Writes the files of a run to a folder, the same for Node and browser. */
export interface RunFolder {
  readonly path: string;
  step(record: StepRecord): void;
  /** Writes one PNG per overlay, and a line of `health.jsonl`. */
  overlays(step: number, overlays: readonly Overlay[], health: Health): Promise<void>;
  /** Replaces the checkpoint by renaming, so that a crash leaves a complete file. */
  checkpoint(bytes: Uint8Array): void;
  finish(summary: RunSummary): Promise<void>;
}

export function createRunFolder(path: string, config: Config): RunFolder {
  mkdirSync(join(path, 'overlays'), { recursive: true });
  const metrics = join(path, 'metrics.jsonl');
  const healths = join(path, 'health.jsonl');
  for (const file of [metrics, healths]) writeFileSync(file, '');
  const records: StepRecord[] = [];
  const colors = prototypeColors(config.prototypes);
  const started = new Date().toISOString();
  return {
    path,
    step: (record) => {
      records.push(record);
      appendFileSync(metrics, `${JSON.stringify(record)}\n`);
    },
    overlays: async (step, overlays, { measures }) => {
      appendFileSync(healths, `${JSON.stringify({ step, ...measures })}\n`);
      for (const [index, overlay] of overlays.entries()) {
        const name = `step-${String(step).padStart(6, '0')}-image-${String(index + 1).padStart(2, '0')}.png`;
        writeFileSync(join(path, 'overlays', name), await overlayPng(overlay, colors));
      }
    },
    checkpoint: (bytes) => {
      const target = join(path, 'checkpoint.safetensors');
      writeFileSync(`${target}.new`, bytes);
      renameSync(`${target}.new`, target);
    },
    finish: async (summary) => {
      if (records.length > 0) writeFileSync(join(path, 'curves.png'), await curvesPng(records));
      const versions = { node: process.version, platform: `${process.platform}-${process.arch}` };
      const written = { ...summary, versions, started };
      writeFileSync(join(path, 'run.json'), `${JSON.stringify(written, undefined, 2)}\n`);
    },
  };
}
