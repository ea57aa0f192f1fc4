import { useSyncExternalStore } from 'react';
import { useView } from '../app.ts';

const DARK = '(prefers-color-scheme: dark)';

/** True if the page is dark, by choice or else by the system. */
export function useDark(): boolean {
  const theme = useView((state) => state.theme);
  const systemDark = useSyncExternalStore(subscribeToScheme, () => matchMedia(DARK).matches);
  return theme === 'system' ? systemDark : theme === 'dark';
}

function subscribeToScheme(changed: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
