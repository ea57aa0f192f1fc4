import type { ImageSource } from '../../domain/images.ts';
import { defined } from '../../lib/defined.ts';
import type { ExploreReportData, ReportedRecipe } from '../../report/reportData.ts';
import { shownImages, shownRun } from './contactSheet.ts';
import type { ExploredRun, RecipeRow } from './exploreFolder.ts';
import { writeExploreReport } from './reportFile.ts';

interface Explored extends Pick<ExploreReportData, 'config' | 'steps' | 'adapter'> {
  /** As the command line names it. */
  readonly folder: string | undefined;
  readonly source: ImageSource;
  readonly rows: readonly RecipeRow[];
  readonly runs: readonly ExploredRun[];
}

/** Writes the contact sheet with settings and command as one HTML file. */
export async function reportExploration(file: string, explored: Explored): Promise<void> {
  const { folder, source, rows, runs, ...data } = explored;
  const shown = shownImages(runs);
  const recipes: ReportedRecipe[] = [];
  for (const row of rows) {
    const grids = shownRun(row, runs)?.grids;
    if (!grids) continue;
    const pictures = shown.map(async (index) => ({
      path: source.path(index),
      dimensions: source.dimensions(index),
      preview: await source.get(index),
      edges: defined(grids.get(index)),
    }));
    recipes.push({ ...row, prototypes: data.config.prototypes, pictures: await Promise.all(pictures) });
  }
  await writeExploreReport(file, { ...data, images: { name: source.name, count: source.count, folder }, recipes });
}
