import { useEffect, useState } from 'react';
import { useApp } from '../app.ts';
import { WEIGHT_ENDINGS } from './imageAccess.ts';

/**
 * Reads folders and checkpoints dropped anywhere on the page; a folder dropped on the scores is one of masks, and files
 * dropped on Try are pictures to try. True while files hover over the page.
 */
export function useFolderDrop(): boolean {
  const { images, view, trial } = useApp();
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
      const { mainView } = view.getState();
      const pictures = mainView === 'try' ? picturesIn(event.dataTransfer) : [];
      if (pictures.length > 0) void trial.add(pictures);
      else images.fromDrop(event.dataTransfer, mainView === 'scores');
    };
    const leaves = new AbortController();
    const { signal } = leaves;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragover', hover, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => leaves.abort();
  }, [images, view, trial]);
  return over;
}

/** The dropped files, unless there is a folder among them or a file with weights. */
function picturesIn({ items, files }: DataTransfer): readonly File[] {
  const isFolder = [...items].some((item) => item.webkitGetAsEntry()?.isDirectory === true);
  const all = [...files];
  const hasWeights = all.some(({ name }) => WEIGHT_ENDINGS.some((ending) => name.endsWith(ending)));
  return isFolder || hasWeights ? [] : all;
}
