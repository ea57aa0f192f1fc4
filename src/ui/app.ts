import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { RunHistory, RunHistoryState } from '../state/runs/runHistory.ts';
import type { LiveState } from '../state/session/live/live.ts';
import type { Memory } from '../state/platform/memory.ts';
import type { DisplayCopies } from '../state/display/displayCopies.ts';
import type { DisplaySources } from '../state/display/displayImages.ts';
import type { Replay } from '../state/view/replay.ts';
import type { Session } from '../state/session/session.ts';
import type { SessionState } from '../state/session/session.ts';
import type { Settings, SettingsState } from '../state/view/settings.ts';
import type { SweepQueue, SweepState } from '../state/runs/sweepQueue.ts';
import type { Tabs, TabsState } from '../state/platform/tabs.ts';
import type { Trial } from '../state/trial/trial.ts';
import type { Updates } from '../state/platform/updates.ts';
import type { ViewState } from '../state/view/view.ts';
import type { ImageAccess } from './images/imageAccess.ts';

/** Stores and ports that main.tsx gives to the components. */
export interface App {
  readonly session: Session;
  readonly settings: Settings;
  readonly view: StoreApi<ViewState>;
  readonly memory: Memory;
  readonly images: ImageAccess;
  /** Photographs at the resolution of the screen. */
  readonly display: { readonly copies: DisplayCopies; readonly sources: StoreApi<DisplaySources> };
  readonly replay: Replay;
  readonly runHistory: RunHistory;
  readonly sweeps: SweepQueue;
  readonly trial: Trial;
  readonly tabs: Tabs;
  readonly updates: Updates;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('AppContext is missing above this component');
  return app;
}

export function useSession<Part>(select: (state: SessionState) => Part): Part {
  return useStore(useApp().session.store, select);
}

/** Changes up to ten times per second during training: select little. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  return useStore(useApp().session.live, select);
}

export function useSettings<Part>(select: (state: SettingsState) => Part): Part {
  return useStore(useApp().settings.store, select);
}

export function useView<Part>(select: (state: ViewState) => Part): Part {
  return useStore(useApp().view, select);
}

export function useKeptRuns<Part>(select: (state: RunHistoryState) => Part): Part {
  return useStore(useApp().runHistory.store, select);
}

export function useSweep<Part>(select: (state: SweepState) => Part): Part {
  return useStore(useApp().sweeps.store, select);
}

export function useTabs<Part>(select: (state: TabsState) => Part): Part {
  return useStore(useApp().tabs.store, select);
}
