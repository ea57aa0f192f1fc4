import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app.ts';

/** Opens the folder of the last visit, if there was one; the browser asks for permission again. */
export function LastFolderButton(): ReactElement | null {
  const { images } = useApp();
  const name = useStore(images.lastFolder, (handle) => handle?.name);
  if (name === undefined) return null;
  return (
    <button type="button" onClick={images.chooseLastFolder} data-testid="last-folder">
      Open “{name}” again
    </button>
  );
}
