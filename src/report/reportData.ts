import type { Config } from '../config/fields.ts';
import type { SlotsByName } from '../config/slotsBy.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { RecipeFacts } from '../domain/exploration.ts';
import type { Baselines, Overlay, ScoreReport } from '../domain/reports.ts';
import type { SeriesName } from '../signals/metrics.ts';

/** A run as its report shows it. */
export interface ReportData {
  readonly title: string;
  readonly config: Config;
  readonly images: {
    readonly name: string;
    readonly count: number;
    /** As the command line names it; undefined for the sample scenes. */
    readonly folder: string | undefined;
  };
  /** Step at which the run is, and last step of its schedule. */
  readonly step: number;
  readonly totalSteps: number;
  /** Where it began: 0, or the step of the checkpoint that it continues from. */
  readonly startStep: number;
  /** In a word: "finished". */
  readonly outcome: string;
  readonly seconds: number | undefined;
  readonly adapter: string;
  readonly engine: string;
  /** Programs that it ran in, with their versions. */
  readonly versions: readonly string[];
  readonly date: Date;
  /** What the run had to say. */
  readonly notes: readonly string[];
  readonly curves: ReportCurves;
  /** The watched images as they were drawn last. */
  readonly overlays: readonly Overlay[];
  readonly classes: PrototypeClasses;
  /** Recipes that an exploration has tried on the same images, the most stable first. */
  readonly explored: readonly ReportedRecipe[];
  readonly scores: { readonly report: ScoreReport; readonly baselines: Baselines | undefined } | undefined;
}

/** A row of a contact sheet. */
export interface ReportedRecipe extends RecipeFacts {
  readonly recipe: SlotsByName;
  /** Number of prototypes of its runs. */
  readonly prototypes: number;
  /** The same images in every row. */
  readonly pictures: readonly Pick<Overlay, 'path' | 'dimensions' | 'preview' | 'edges'>[];
}

/** An exploration as its report shows it. */
export interface ExploreReportData extends Pick<
  ReportData,
  'title' | 'config' | 'images' | 'adapter' | 'versions' | 'date'
> {
  /** Steps of each run. */
  readonly steps: number;
  readonly recipes: readonly ReportedRecipe[];
}

export interface ReportCurves {
  readonly steps: ArrayLike<number>;
  /** Each as long as `steps`. */
  readonly values: Readonly<Partial<Record<SeriesName, ArrayLike<number>>>>;
}
