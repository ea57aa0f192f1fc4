import type { StoreApi } from 'zustand/vanilla';
import type { Session } from '../state/session/session.ts';
import type { ViewState } from '../state/view/view.ts';
import { formatCount, formatValue } from './widgets/format.ts';

const NAME = 'slotcon-tab';

/** Sets the chosen theme on the root element; without a choice the system's applies. */
export function showTheme(view: StoreApi<ViewState>, root: HTMLElement): void {
  const show = ({ theme }: ViewState): void => {
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  };
  show(view.getState());
  view.subscribe(show);
}

/** Shows step and loss in the title of the document. */
export function showTitle(session: Session, document: Document): void {
  const show = (): void => {
    const { run } = session.store.getState();
    const { record } = session.live.getState();
    const at = record ? `step ${formatCount(record.step)} · loss ${formatValue(record.loss)} · ` : '';
    const paused = run.status === 'paused' ? 'paused · ' : '';
    const title = run.status === 'preparing' ? `preparing · ${NAME}` : `${paused}${at}${NAME}`;
    if (document.title !== title) document.title = title;
  };
  session.store.subscribe(show);
  session.live.subscribe(show);
}
