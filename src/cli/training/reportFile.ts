import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from '../../../scripts/setup.mjs';
import { NO_CLASSES } from '../../domain/classes.ts';
import type { Overlay } from '../../domain/reports.ts';
import type { ExploreReportData } from '../../report/reportData.ts';
import { createExploreReport, createReport } from '../../report/report.ts';
import type { EncodePicture } from '../../report/pictures.ts';
import { SERIES, type StepRecord } from '../../signals/metrics.ts';
import type { RunSummary } from './runSummary.ts';
import type { TrainJob } from './trainJob.ts';

export interface ReportedRun {
  readonly job: Pick<TrainJob, 'out' | 'images' | 'resume' | 'anew'>;
  readonly summary: RunSummary;
  readonly records: readonly StepRecord[];
  /** The watched images as they were drawn last. */
  readonly overlays: readonly Overlay[];
}

/** Writes the report of a run. */
export async function writeReport(file: string, { job, summary, records, overlays }: ReportedRun): Promise<void> {
  const { config, images, steps, totalSteps, outcome, seconds, adapter, engine, where } = summary;
  const report = await createReport(
    {
      title: basename(job.out),
      config,
      images: { ...images, folder: job.images },
      step: steps,
      totalSteps,
      startStep: job.anew ? 0 : (job.resume?.checkpoint.position.step ?? 0),
      outcome,
      seconds,
      adapter,
      engine,
      versions: versionsOf(where),
      date: new Date(),
      notes: [],
      curves: {
        steps: records.map(({ step }) => step),
        values: Object.fromEntries(SERIES.map(({ name, valueOf }) => [name, records.map(valueOf)])),
      },
      overlays,
      classes: job.resume?.checkpoint.classes ?? NO_CLASSES,
      explored: [],
      scores: undefined,
    },
    encodePicture,
  );
  writeFileSync(file, report);
}

/** Writes the report of an exploration. */
export async function writeExploreReport(
  file: string,
  data: Omit<ExploreReportData, 'title' | 'versions' | 'date'>,
): Promise<void> {
  const title = basename(dirname(file));
  writeFileSync(
    file,
    await createExploreReport({ ...data, title, versions: versionsOf('node'), date: new Date() }, encodePicture),
  );
}

function versionsOf(where: RunSummary['where']): string[] {
  return [`slotcon-tab ${packageVersion()}`, where === 'node' ? `Node ${process.version}` : 'Chromium'];
}

const encodePicture: EncodePicture = async ({ width, height, data }, format, maxSide) => {
  const picture = sharp(data, { raw: { width, height, channels: 4 } }).resize({
    width: maxSide,
    height: maxSide,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const encoded = format === 'jpeg' ? picture.flatten().jpeg({ quality: 80 }) : picture.png({ compressionLevel: 9 });
  return `data:image/${format};base64,${(await encoded.toBuffer()).toString('base64')}`;
};

function packageVersion(): string {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
