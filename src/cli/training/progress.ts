import type { SkippedFile } from '../../domain/images.ts';
import type { StepTiming } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';

/** How far the kernels are compiled, on a terminal; the line goes when all are. */
export function showPreparing(share: number): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write(`\r\x1b[K${share < 1 ? `Compiling kernels · ${Math.floor(100 * share)}%` : ''}`);
}

/** One line for a step: rewritten in place on a terminal, every tenth step elsewhere. */
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

/** What was found in a folder, and each file that was left out with its reason. */
export function showImages(name: string, usable: number, skipped: readonly SkippedFile[]): void {
  console.log(`${usable} images in "${name}", ${skipped.length} files skipped`);
  for (const { path, detail } of skipped) console.log(`  skipped ${path}: ${detail}`);
}

/** 3725 → "1 h 02 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
