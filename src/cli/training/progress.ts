import { memoryWarnings } from '../../config/warnings.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { totalBytes, type RunMemory } from '../../domain/runMemory.ts';
import type { Note } from '../../domain/note.ts';
import type { StepTiming } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';

/** Shows how far the kernels are compiled (or another phase is), on a terminal only; clears the line at 1. */
export function showPreparing(fraction: number, phase = 'Compiling kernels'): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write(`\r\x1b[K${fraction < 1 ? `${phase} · ${Math.floor(100 * fraction)}%` : ''}`);
}

/** Prints a line per step: rewritten in place on a terminal, every tenth step elsewhere. */
export function showProgress(
  record: StepRecord,
  lastStep: number,
  timing: Pick<StepTiming, 'imagesPerSecond' | 'etaSeconds'>,
): void {
  const parts = [
    `step ${record.step}/${lastStep}`,
    `loss ${record.loss.toFixed(4)}`,
    `${timing.imagesPerSecond.toFixed(1)} images/s`,
    `ETA ${duration(timing.etaSeconds)}`,
  ];
  const last = record.step === lastStep;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${parts.join(' · ')}${last ? '\n' : ''}`);
  else if (last || record.step === 1 || record.step % 10 === 0) console.log(parts.join(' · '));
}

/** Prints the number of images in a folder, and each skipped file with its reason. */
export function showImages(name: string, usable: number, skipped: readonly SkippedFile[]): void {
  console.log(`${usable} images in "${name}", ${skipped.length} files skipped`);
  for (const { path, detail } of skipped) console.log(`  skipped ${path}: ${detail}`);
}

/** Prints to stderr what is to be known of a folder's images before a run. */
export function showNotes(notes: readonly Note[]): void {
  for (const { level, text } of notes) console.warn(level === 'warning' ? `Warning: ${text}` : text);
}

/** Prints the memory that a run will take, and a warning where the machine is not known to have as much. */
export function showMemory(memory: RunMemory, hostBytes: number): void {
  const { networks, kept, step } = memory;
  const [total, ...parts] = [totalBytes(memory), networks, kept, step].map((bytes) => Math.round(bytes / 2 ** 20));
  console.log(`Memory: ${total} MiB (networks and optimizer ${parts[0]}, kept states ${parts[1]}, a step ${parts[2]})`);
  for (const warning of memoryWarnings(memory, hostBytes)) console.warn(`Warning: ${warning}`);
}

/** 3725 → "1 h 02 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
