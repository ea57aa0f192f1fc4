import { useEffect, useState } from 'react';
import { useApp } from '../app.ts';

/**
 * Reads folders and checkpoints dropped anywhere on the page; a folder dropped on the scores is one of masks. True while
 * files hover over the page.
 */
export function useFolderDrop(): boolean {
  const { images, view } = useApp();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Enter and leave come for every element on the way: only the balance says whether the page was left.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const hover = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      images.fromDrop(event.dataTransfer, view.getState().mainView === 'scores');
    };
    const leaves = new AbortController();
    const { signal } = leaves;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragover', hover, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => leaves.abort();
  }, [images, view]);
  return over;
}
