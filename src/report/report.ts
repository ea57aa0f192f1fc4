import { contactSheetSection, drawRecipes } from './contactSheet.ts';
import { Markup, markup } from './markup.ts';
import { drawPictures, type EncodePicture, type DrawnPhotograph } from './pictures.ts';
import type { ExploreReportData, ReportData } from './reportData.ts';
import { howItWasExplored, howItWasRun } from './howSections.ts';
import { curvesSection, scoresSection, settingsSection, useSection } from './sections.ts';
import { photographDefinitions, prototypesSection, watchedSection } from './pictureSections.ts';
import { REPORT_STYLE } from './style.ts';

/**
 * Returns a run as one HTML file: settings, curves, watched images, prototypes, the contact sheet of an exploration,
 * scores, how it was run and how to use its checkpoint. It holds everything it shows and may request nothing.
 */
export async function createReport(data: ReportData, encode: EncodePicture): Promise<string> {
  const { config, overlays, classes, explored, title } = data;
  const pictures = await drawPictures(overlays, classes, config.prototypes, encode);
  const sheet = await drawRecipes(explored, encode);
  const photographs = [...pictures.watched, ...sheet.photographs];
  return pageOf({ title, summary: summaryOf(data), photographs }, [
    watchedSection(pictures.watched, data.step),
    prototypesSection(pictures.classes, config.prototypes, pictures.watched),
    contactSheetSection(sheet, pictures.watched.length),
    curvesSection(data),
    data.scores && scoresSection(data.scores),
    settingsSection(config),
    howItWasRun(data),
    useSection(data),
  ]);
}

/** Returns an exploration as one HTML file, as `createReport` does a run. */
export async function createExploreReport(data: ExploreReportData, encode: EncodePicture): Promise<string> {
  const { title, config, images, steps } = data;
  const sheet = await drawRecipes(data.recipes, encode);
  const summary = `exploration · ${steps} steps a run · ${images.count} images of “${images.name}” · ${config.prototypes} prototypes`;
  return pageOf({ title, summary, photographs: sheet.photographs }, [
    contactSheetSection(sheet, 0),
    settingsSection(config),
    howItWasExplored(data),
  ]);
}

interface Head {
  readonly title: string;
  readonly summary: string;
  readonly photographs: readonly DrawnPhotograph[];
}

function pageOf({ title, summary, photographs }: Head, sections: readonly (Markup | undefined)[]): string {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · slotcon-tab</title>
        <style>
          ${new Markup(REPORT_STYLE)}
        </style>
      </head>
      <body>
        ${photographDefinitions(photographs)}
        <header>
          <h1>${title}</h1>
          <p class="muted">${summary}</p>
        </header>
        <main>${sections}</main>
      </body>
    </html> `;
  return page.text;
}

function summaryOf({ outcome, step, totalSteps, images, config }: ReportData): string {
  const steps = `step ${step} of ${totalSteps}`;
  return `${outcome} · ${steps} · ${images.count} images of “${images.name}” · ${config.prototypes} prototypes`;
}
