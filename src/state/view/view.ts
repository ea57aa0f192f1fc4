import { createStore, type StoreApi } from 'zustand/vanilla';
import { asEntries, type Memory } from '../platform/memory.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Tab = 'images' | 'run' | 'slots';
/** Views of the main column, in the order of their switch. */
export const MAIN_VIEWS = ['run', 'prototypes', 'map', 'scores', 'try', 'runs', 'explore'] as const;
export type MainView = (typeof MAIN_VIEWS)[number];

/** State of the page's presentation: nothing here changes a run. */
export interface ViewState {
  readonly theme: Theme;
  /** The tab of a narrow screen. */
  readonly tab: Tab;
  readonly mainView: MainView;
  readonly overlayShown: boolean;
  /** 0…1. */
  readonly overlayOpacity: number;
  /** Segments follow the edges of their images. */
  readonly followEdges: boolean;
  /** Shows each watched image beside its overlay. */
  readonly sideBySide: boolean;
  /** `imageIndex` of the enlarged watched image. */
  readonly zoomed: number | undefined;
  /** Snapshots per second while the history plays. */
  readonly pace: number;
  /** Weight of the past in the smoothed loss lines, 0…0.99. */
  readonly smoothing: number;
  readonly table: boolean;
  readonly helpOpen: boolean;
  /** The dialog that exports masks is open. */
  readonly masksOpen: boolean;
  /** The dialog that sets up a sweep is open. */
  readonly sweepOpen: boolean;
  /** Ids of the compared runs, in the order of their colors. */
  readonly comparedRuns: readonly string[];
  /** Prototype under the pointer. */
  readonly hovered: number | undefined;
  /** Prototype that stays isolated. */
  readonly pinned: number | undefined;
  /** Step of the snapshot that is shown; the latest if undefined. */
  readonly scrubStep: number | undefined;
  /** Settings groups that are open. */
  readonly openGroups: readonly string[];
}

/** Changes of the view when a run begins: what was selected belongs to the previous one. */
export const NEW_RUN_VIEW = { tab: 'run', scrubStep: undefined, pinned: undefined, hovered: undefined } as const;

const INITIAL: ViewState = {
  theme: 'system',
  tab: 'images',
  mainView: 'run',
  overlayShown: true,
  overlayOpacity: 0.6,
  followEdges: true,
  sideBySide: false,
  zoomed: undefined,
  pace: 4,
  smoothing: 0.9,
  table: false,
  helpOpen: false,
  masksOpen: false,
  sweepOpen: false,
  comparedRuns: [],
  hovered: undefined,
  pinned: undefined,
  scrubStep: undefined,
  openGroups: [],
};

/** Remembered between visits: preferences, not the state of a run. */
const REMEMBERED = [
  'theme',
  'overlayShown',
  'overlayOpacity',
  'followEdges',
  'sideBySide',
  'pace',
  'smoothing',
  'table',
  'openGroups',
] as const;

/** Choices for `pace`. */
export const PACES: readonly number[] = [1, 2, 4, 8, 16];

export function createViewStore(memory: Memory): StoreApi<ViewState> {
  const store = createStore<ViewState>()(() => ({ ...INITIAL, ...recalled(memory.recall('view')) }));
  store.subscribe((state, before) => {
    if (REMEMBERED.every((name) => state[name] === before[name])) return;
    memory.remember('view', Object.fromEntries(REMEMBERED.map((name) => [name, state[name]])));
  });
  return store;
}

function recalled(value: unknown): Partial<ViewState> {
  const entries = asEntries(value);
  const { theme, openGroups } = entries;
  const fraction = (name: string): number | undefined => {
    const number = entries[name];
    return typeof number === 'number' && number >= 0 && number <= 1 ? number : undefined;
  };
  return {
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    ...(typeof entries['overlayShown'] === 'boolean' ? { overlayShown: entries['overlayShown'] } : {}),
    ...(typeof entries['followEdges'] === 'boolean' ? { followEdges: entries['followEdges'] } : {}),
    ...(typeof entries['table'] === 'boolean' ? { table: entries['table'] } : {}),
    ...(typeof entries['sideBySide'] === 'boolean' ? { sideBySide: entries['sideBySide'] } : {}),
    pace: PACES.find((pace) => pace === entries['pace']) ?? INITIAL.pace,
    overlayOpacity: fraction('overlayOpacity') ?? INITIAL.overlayOpacity,
    smoothing: Math.min(0.99, fraction('smoothing') ?? INITIAL.smoothing),
    openGroups: Array.isArray(openGroups) ? openGroups.filter((group) => typeof group === 'string') : [],
  };
}

/** The isolated prototype, if any. */
export function isolatedPrototype({ hovered, pinned }: ViewState): number | undefined {
  return hovered ?? pinned;
}

/** Index of the snapshot that is shown: the last one at or before the scrubbed step. */
export function shownSnapshot(steps: readonly number[], scrubStep: number | undefined): number {
  if (scrubStep === undefined) return steps.length - 1;
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= scrubStep),
  );
}

/** Step of the snapshot nearest to a step; `undefined`, "live", at the last. */
export function snapTo(steps: readonly number[], step: number): number | undefined {
  let nearest = 0;
  steps.forEach((one, at) => {
    if (Math.abs(one - step) < Math.abs(steps[nearest] - step)) nearest = at;
  });
  return nearest >= steps.length - 1 ? undefined : steps[nearest];
}

/** Step of the snapshot `by` places away; `undefined`, "live", at the last. */
export function scrubBy(steps: readonly number[], scrubStep: number | undefined, by: number): number | undefined {
  if (steps.length === 0) return undefined;
  const at = shownSnapshot(steps, scrubStep) + by;
  return at >= steps.length - 1 ? undefined : steps[Math.max(0, at)];
}
