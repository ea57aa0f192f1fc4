import sharp from 'sharp';
import { curvesSvg } from '../../report/curvesSvg.ts';
import { SERIES, type StepRecord } from '../../signals/metrics.ts';

/** The three losses over the steps as a PNG: raw lines thin and pale, smoothed ones strong. */
export function curvesPng(records: readonly StepRecord[]): Promise<Buffer> {
  return sharp(Buffer.from(lossesSvg(records)))
    .png()
    .toBuffer();
}

/** The SVG that `curvesPng` renders. */
export function lossesSvg(records: readonly StepRecord[]): string {
  const losses = SERIES.filter(({ curve }) => curve.chart === 'Losses').map(({ curve, valueOf }) => ({
    label: curve.label,
    values: records.map(valueOf),
    smoothed: true,
  }));
  const steps = records.map(({ step }) => step);
  return curvesSvg(steps, losses, 'Losses');
}
