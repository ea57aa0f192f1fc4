import type { StoreApi } from 'zustand/vanilla';
import { MAIN_VIEWS, type MainView, type ViewState } from './view.ts';

export interface UrlPorts {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'pushState'>;
  readonly window: Pick<Window, 'addEventListener'>;
}

/**
 * Keeps the main view and the hash of the URL the same: the view that the page opens with, an entry in the browser's
 * history for each change, and Back and Forward between them, which leave the document and its run alone.
 */
export function syncViewWithUrl(view: StoreApi<ViewState>, { location, history, window }: UrlPorts): void {
  const showFromUrl = (): void => {
    const mainView = viewOfHash(location.hash);
    // On a narrow screen the views are behind the tab "run".
    if (mainView !== view.getState().mainView) view.setState({ mainView, tab: 'run' });
  };
  showFromUrl();
  window.addEventListener('popstate', showFromUrl);
  view.subscribe(({ mainView }) => {
    if (mainView === viewOfHash(location.hash)) return;
    history.pushState(null, '', `${location.pathname}${location.search}${hashOfView(mainView)}`);
  });
}

function viewOfHash(hash: string): MainView {
  return MAIN_VIEWS.find((name) => hashOfView(name) === hash) ?? 'run';
}

/** The run is the page itself. */
function hashOfView(name: MainView): string {
  return name === 'run' ? '' : `#${name}`;
}
