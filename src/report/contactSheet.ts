import { recipeLine } from '../config/explore.ts';
import { SLOTS_BY_STOPS } from '../config/slotsBy.ts';
import { markup, type Markup } from './markup.ts';
import { drawing, OPACITY } from './pictureSections.ts';
import { encodePhotograph, encodeSegments, type EncodePicture, type DrawnPhotograph } from './pictures.ts';
import type { ReportedRecipe } from './reportData.ts';

/** Longer side of a picture in pixels. */
const SIDE = 320;

/** A contact sheet whose pictures are drawn. */
export interface DrawnSheet {
  readonly photographs: readonly DrawnPhotograph[];
  readonly rows: readonly DrawnRow[];
}

interface DrawnRow extends ReportedRecipe {
  /** Data URLs of the segments, in the order of the photographs. */
  readonly segments: readonly string[];
}

export async function drawRecipes(recipes: readonly ReportedRecipe[], encode: EncodePicture): Promise<DrawnSheet> {
  const photographs: DrawnPhotograph[] = [];
  for (const overlay of recipes.at(0)?.pictures ?? []) photographs.push(await encodePhotograph(overlay, SIDE, encode));
  const rows: DrawnRow[] = [];
  for (const recipe of recipes) {
    const segments: string[] = [];
    for (const overlay of recipe.pictures)
      segments.push(await encodeSegments(overlay, recipe.prototypes, SIDE, encode));
    rows.push({ ...recipe, segments });
  }
  return { photographs, rows };
}

/** A row per recipe, below the photographs as they are; `first` is the place where their definitions begin. */
export function contactSheetSection({ photographs, rows }: DrawnSheet, first: number): Markup | undefined {
  if (rows.length === 0) return undefined;
  return markup`<section aria-labelledby="explored">
    <h2 id="explored">Contact sheet: short runs of each recipe on these images</h2>
    <p class="muted">
      The most stable first. Stability is how far the segmentations of two seeds agree, from 0 to 1: a hint, not a verdict.
    </p>
    <div class="sheet">${photographs.map((one, at) => drawing(one, first + at, one.path))}</div>
    ${rows.map(
      (row) =>
        markup`<h3>${recipeLine(row.recipe, row)}</h3>
          <div class="sheet">
            ${photographs.map((one, at) =>
              drawing(
                one,
                first + at,
                `${one.path}, slots of “${SLOTS_BY_STOPS[row.recipe].label}”`,
                row.segments[at],
                OPACITY,
              ),
            )}
          </div> `,
    )}
  </section>`;
}
