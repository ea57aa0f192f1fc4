import { appendFileSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/fields.ts';
import { prototypeColors } from '../../domain/palette.ts';
import type { Health, Overlay } from '../../domain/reports.ts';
import { UserError } from '../../lib/errors.ts';
import type { Advice } from '../../signals/advice/advice.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import { addSnapshot, type OverlaySnapshot } from '../../state/session/live/snapshots.ts';
import { checkFolder, makeFolder } from '../output/outputPath.ts';
import { adviseOn } from './adviseOn.ts';
import { overlayPng } from './overlayPng.ts';
import { curvesPng } from './plot.ts';
import { writeReport } from './reportFile.ts';
import type { RunSummary } from './runSummary.ts';
import type { TrainJob } from './trainJob.ts';

/** Writes the files of a run to a folder, the same for Node and browser. */
export interface RunFolder {
  readonly path: string;
  step(record: StepRecord): void;
  /** Writes one PNG per overlay, and a line of `health.jsonl`. */
  overlays(step: number, overlays: readonly Overlay[], health: Health): Promise<void>;
  /** Replaces the checkpoint by renaming, so that a crash leaves a complete file. */
  checkpoint(bytes: Uint8Array): void;
  /** Writes the summary; returns what to do next. */
  finish(summary: RunSummary): Promise<readonly Advice[]>;
}

/** What a run leaves in its folder. */
const [CHECKPOINT, METRICS, HEALTH, OVERLAYS] = ['checkpoint.safetensors', 'metrics.jsonl', 'health.jsonl', 'overlays'];
const [CURVES, SUMMARY, REPORT] = ['curves.png', 'run.json', 'report.html'];
const ALL_FILES = [CHECKPOINT, METRICS, HEALTH, OVERLAYS, CURVES, SUMMARY, REPORT];

/** Size of the kept drawings, which tell what the end of a run still changed. */
const KEPT_BYTES = 32 * 2 ** 20;

type Destination = Pick<TrainJob, 'out' | 'overwrite' | 'resume' | 'anew' | 'images' | 'report'>;

/**
 * Throws unless the folder can be written and holds no other run, or one that may be replaced. A run that resumes from a
 * checkpoint in its own folder continues there.
 */
export function checkRunFolder(job: Destination): void {
  checkFolder(job.out);
  const found = ALL_FILES.filter((name) => existsSync(join(job.out, name)));
  if (found.length === 0 || job.overwrite || continuesIn(job)) return;
  const resume = existsSync(join(job.out, CHECKPOINT))
    ? `, or continue it with --resume ${join(job.out, CHECKPOINT)}`
    : '';
  throw new UserError(
    'export/exists',
    `"${job.out}" holds a run already (${found.join(', ')}). Name another folder, add --overwrite to replace it${resume}.`,
  );
}

function continuesIn({ out, resume, anew }: Destination): boolean {
  return resume !== undefined && !anew && existsSync(out) && realpathSync(dirname(resume.path)) === realpathSync(out);
}

/** Lines of a JSON-lines file up to a step; a last one that was cut off by a crash is left out. */
function linesUpTo<Line extends { readonly step: number }>(file: string, step: number): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const parsed = JSON.parse(line) as Line;
        return parsed.step <= step ? [parsed] : [];
      } catch {
        return [];
      }
    });
}

/** Replaces what an earlier run has left in the folder, or continues it from the checkpoint that is resumed. */
export function createRunFolder(job: Destination, config: Config): RunFolder {
  const path = job.out;
  const [metrics, healths] = [join(path, METRICS), join(path, HEALTH)];
  const keptStep = continuesIn(job) ? (job.resume?.checkpoint.position.step ?? 0) : undefined;
  const records: StepRecord[] = keptStep === undefined ? [] : linesUpTo(metrics, keptStep);
  // Not that of the step itself, which is drawn again at the start.
  const healthLines = keptStep === undefined ? [] : linesUpTo(healths, keptStep - 1);
  if (keptStep === undefined) for (const name of ALL_FILES) rmSync(join(path, name), { recursive: true, force: true });
  makeFolder(join(path, OVERLAYS));
  const asLines = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(metrics, asLines(records));
  writeFileSync(healths, asLines(healthLines));
  const colors = prototypeColors(config.prototypes);
  const started = new Date().toISOString();
  let drawings: readonly OverlaySnapshot[] = [];
  return {
    path,
    step: (record) => {
      records.push(record);
      appendFileSync(metrics, `${JSON.stringify(record)}\n`);
    },
    overlays: async (step, overlays, health) => {
      drawings = addSnapshot(drawings, { step, overlays, usage: [], health }, KEPT_BYTES);
      appendFileSync(healths, `${JSON.stringify({ step, ...health.measures })}\n`);
      for (const [index, overlay] of overlays.entries()) {
        const name = `step-${String(step).padStart(6, '0')}-image-${String(index + 1).padStart(2, '0')}.png`;
        writeFileSync(join(path, OVERLAYS, name), await overlayPng(overlay, colors));
      }
    },
    checkpoint: (bytes) => {
      const target = join(path, CHECKPOINT);
      writeFileSync(`${target}.new`, bytes);
      renameSync(`${target}.new`, target);
    },
    finish: async (summary) => {
      if (records.length > 0) writeFileSync(join(path, CURVES), await curvesPng(records));
      const versions = { node: process.version, platform: `${process.platform}-${process.arch}` };
      const advice = adviseOn(summary, records, drawings);
      const written = { ...summary, advice, versions, started };
      writeFileSync(join(path, SUMMARY), `${JSON.stringify(written, undefined, 2)}\n`);
      const overlays = drawings.at(-1)?.overlays ?? [];
      if (job.report) await writeReport(join(path, REPORT), { job, summary, records, overlays });
      return advice;
    },
  };
}
