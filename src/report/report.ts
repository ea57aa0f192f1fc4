import { Markup, markup } from './markup.ts';
import { drawPictures, type EncodePicture } from './pictures.ts';
import type { ReportData } from './reportData.ts';
import { curvesSection, howItWasRun, scoresSection, settingsSection, useSection } from './sections.ts';
import { photographDefinitions, prototypesSection, watchedSection } from './pictureSections.ts';
import { REPORT_STYLE } from './style.ts';

/**
 * Returns a run as one HTML file: settings, curves, watched images, prototypes, scores, how it was run and how to use its
 * checkpoint. It holds everything it shows and may request nothing.
 */
export async function createReport(data: ReportData, encode: EncodePicture): Promise<string> {
  const { config, overlays, classes } = data;
  const pictures = await drawPictures(overlays, classes, config.prototypes, encode);
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${data.title} · slotcon-tab</title>
        <style>
          ${new Markup(REPORT_STYLE)}
        </style>
      </head>
      <body>
        ${photographDefinitions(pictures.watched)}
        <header>
          <h1>${data.title}</h1>
          <p class="muted">${summaryOf(data)}</p>
        </header>
        <main>
          ${watchedSection(pictures.watched, data.step)}
          ${prototypesSection(pictures.classes, config.prototypes, pictures.watched)} ${curvesSection(data)}
          ${data.scores && scoresSection(data.scores)} ${settingsSection(config)} ${howItWasRun(data)}
          ${useSection(data)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function summaryOf({ outcome, step, totalSteps, images, config }: ReportData): string {
  const steps = `step ${step} of ${totalSteps}`;
  return `${outcome} · ${steps} · ${images.count} images of “${images.name}” · ${config.prototypes} prototypes`;
}
