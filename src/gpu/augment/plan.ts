import type { CachedImage } from './cache.ts';
import type { TapPlace } from './taps.ts';
import { extendedBox } from '../../lib/extendedBox.ts';
import { MAX_BLUR_RADIUS } from './blur.ts';
import { hueShortfalls } from './color.ts';
import { HUE_WORDS, MAX_STEPS, ORIGINS, RECORD_FIELDS, RECORD_WORDS, type RecordField } from './kernel.ts';
import { floatBits } from '../kernel.ts';

/** One change of colors: blends as factors (1 changes nothing), hue in turns of the circle. */
export type PlannedColorStep =
  | { readonly kind: 'brightness' | 'contrast' | 'saturation'; readonly factor: number }
  | { readonly kind: 'hue'; readonly turns: number }
  | { readonly kind: 'gray' };

/** One view of a picture: crop, mirror, colors in order (contrast and hue at most once), blur, solarize. */
export interface ViewRecipe {
  /** In whole pixels, within the picture. */
  readonly box: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
  readonly flip: boolean;
  readonly colors: readonly PlannedColorStep[];
  /** In pixels of the view; absent where it isn't blurred. */
  readonly blurSigma?: number;
  readonly solarize: boolean;
}

/** A view and the picture that it is cut from. */
export interface PlannedView {
  readonly recipe: ViewRecipe;
  readonly image: CachedImage;
}

/** Views that one dispatch resizes: of one page, their rows together within the buffer for them. */
export interface ResizeGroup {
  readonly page: GPUBuffer;
  readonly views: readonly number[];
  /** Rows of the tallest box. */
  readonly mostRows: number;
}

/** Where each view's rows go between the two passes of resizing, in words, and who goes together. */
export interface RowLayout {
  readonly groups: readonly ResizeGroup[];
  readonly places: readonly number[];
  /** What the largest group takes. */
  readonly words: number;
}

/** `pitch` words a row. A group stays within `mostWords`, unless a single view is larger. */
export function layOutRows(views: readonly PlannedView[], pitch: number, mostWords: number): RowLayout {
  const places = new Array<number>(views.length).fill(0);
  const groups: { page: GPUBuffer; views: number[]; mostRows: number; words: number }[] = [];
  const open = new Map<GPUBuffer, (typeof groups)[number]>();
  views.forEach(({ recipe, image: { page } }, view) => {
    const rows = recipe.box.height;
    let group = open.get(page);
    if (!group || group.words + rows * pitch > mostWords) {
      group = { page, views: [], mostRows: 0, words: 0 };
      open.set(page, group);
      groups.push(group);
    }
    places[view] = group.words;
    group.views.push(view);
    group.mostRows = Math.max(group.mostRows, rows);
    group.words += rows * pitch;
  });
  return { groups, places, words: Math.max(...groups.map(({ words }) => words)) };
}

/** Views by what is done to them. */
export interface ViewLists {
  /** For both stages of colors (before contrast, from contrast on): views without and with a turn of hue. */
  readonly stages: readonly [StageLists, StageLists];
  readonly contrasted: readonly number[];
  readonly blurred: readonly number[];
}
export interface StageLists {
  readonly plain: readonly number[];
  readonly turned: readonly number[];
}

/** The records of all views, after the table of hues. */
export function writeRecords(
  views: readonly PlannedView[],
  places: readonly number[],
  taps: ReadonlyMap<number, TapPlace>,
): { words: Uint32Array; lists: ViewLists } {
  const words = new Uint32Array(HUE_WORDS + views.length * RECORD_WORDS);
  words.set(hueShortfalls());
  const stages = [0, 1].map(() => ({ plain: [] as number[], turned: [] as number[] }));
  const lists = { contrasted: [] as number[], blurred: [] as number[] };
  views.forEach((planned, view) => {
    const record = words.subarray(HUE_WORDS + view * RECORD_WORDS, HUE_WORDS + (view + 1) * RECORD_WORDS);
    const set = (name: RecordField, value: number): void => void (record[RECORD_FIELDS.indexOf(name)] = value);
    writePlace(planned, places[view], taps, set);
    const { colors, blurSigma, solarize } = planned.recipe;
    writeSteps(colors, record.subarray(RECORD_FIELDS.length));
    stagesOf(colors).forEach(({ begin, hue, end }, at) => {
      set(at === 0 ? 'begin0' : 'begin1', begin);
      set(at === 0 ? 'hue0' : 'hue1', hue);
      set(at === 0 ? 'end0' : 'end1', end);
      if (hue < end) stages[at].turned.push(view);
      else if (begin < end) stages[at].plain.push(view);
    });
    if (colors.some(({ kind }) => kind === 'contrast')) lists.contrasted.push(view);
    set('solarize', Number(solarize));
    if (blurSigma !== undefined && writeBlur(blurSigma, set)) lists.blurred.push(view);
  });
  return { words, lists: { stages: [stages[0], stages[1]], ...lists } };
}

/** Steps begin…end of both stages; `hue` is where hue is turned, or `end`. */
function stagesOf(colors: readonly PlannedColorStep[]): { begin: number; hue: number; end: number }[] {
  const find = (wanted: PlannedColorStep['kind']): number => {
    const at = colors.findIndex(({ kind }) => kind === wanted);
    return at < 0 ? colors.length : at;
  };
  const [contrast, hue] = [find('contrast'), find('hue')];
  return [
    { begin: 0, hue: Math.min(hue, contrast), end: contrast },
    { begin: contrast, hue: hue < contrast ? colors.length : hue, end: colors.length },
  ];
}

type SetField = (name: RecordField, value: number) => void;

function writePlace(
  { recipe: { box, flip }, image }: PlannedView,
  place: number,
  taps: ReadonlyMap<number, TapPlace>,
  set: SetField,
): void {
  const { top, left, height, width } = box;
  if (top < 0 || left < 0 || height < 1 || width < 1 || top + height > image.height || left + width > image.width)
    throw new RangeError(`crop ${left},${top} ${width}×${height} leaves its ${image.width}×${image.height} picture`);
  const across = taps.get(width);
  const down = taps.get(height);
  if (!across || !down) throw new Error(`no filter weights for a crop of ${width}×${height}`);
  set('source', image.offset + top * image.width + left);
  set('sourcePitch', image.width);
  set('height', height);
  set('rows', place);
  set('xTaps', across.offset);
  set('xStride', across.stride);
  set('yTaps', down.offset);
  set('yStride', down.stride);
  set('flip', Number(flip));
}

function writeSteps(colors: readonly PlannedColorStep[], target: Uint32Array): void {
  if (colors.length > MAX_STEPS)
    throw new RangeError(`a view has ${colors.length} changes of colors, at most ${MAX_STEPS} are allowed`);
  for (const once of ['contrast', 'hue'] as const)
    if (colors.filter(({ kind }) => kind === once).length > 1)
      throw new RangeError(`a view has its ${once} changed more than once`);
  colors.forEach((step, at) => target.set(stepWords(step), 2 * at));
}

function stepWords(step: PlannedColorStep): [number, number] {
  switch (step.kind) {
    case 'brightness':
      return [ORIGINS.black, floatBits(step.factor)];
    case 'contrast':
      return [ORIGINS.mean, floatBits(step.factor)];
    case 'saturation':
      return [ORIGINS.gray, floatBits(step.factor)];
    case 'gray':
      return [ORIGINS.gray, floatBits(0)];
    case 'hue':
      // Truncated to whole steps of 255 a turn, as in Pillow.
      return [0, Math.trunc(step.turns * 255) & 255];
  }
}

/** False where the blur changes nothing. */
function writeBlur(sigma: number, set: SetField): boolean {
  const { radius, innerWeight, outerWeight } = extendedBox(sigma);
  if (radius > MAX_BLUR_RADIUS) throw new RangeError(`a blur of ${sigma} px is too wide`);
  if (radius === 0 && outerWeight === 0) return false;
  set('radius', radius);
  set('innerWeight', innerWeight);
  set('outerWeight', outerWeight);
  return true;
}
