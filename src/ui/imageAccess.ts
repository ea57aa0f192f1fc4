import type { PickedImages, Session } from '../state/session.ts';
import type { Settings } from '../state/settings.ts';
import { filesFromDrop, filesFromInput, filesFromPicker } from '../data/folder.browser.ts';

/** The ways images and checkpoints come in: picker, hidden inputs, drop. */
export interface ImageAccess {
  /** Opens the system's folder dialog; in a click handler only. */
  chooseFolder(): void;
  chooseCheckpoint(): void;
  fromInput(files: FileList): void;
  fromDrop(transfer: DataTransfer): void;
  /** Where the hidden inputs tell of themselves. */
  setFolderInput(input: HTMLInputElement | null): void;
  setCheckpointInput(input: HTMLInputElement | null): void;
}

export function createImageAccess(session: Session, settings: Settings): ImageAccess {
  let folderInput: HTMLInputElement | null = null;
  let checkpointInput: HTMLInputElement | null = null;
  const read = (pick: () => Promise<PickedImages | undefined>): void => {
    void session.readFolder(pick, settings.store.getState().config.workingSize);
  };
  return {
    chooseFolder: () => {
      if ('showDirectoryPicker' in window) read(filesFromPicker);
      else folderInput?.click();
    },
    chooseCheckpoint: () => checkpointInput?.click(),
    fromInput: (files) => {
      const picked = filesFromInput(files);
      read(() => Promise.resolve(picked));
    },
    fromDrop: (transfer) => {
      const checkpoint = [...transfer.files].find((file) => file.name.endsWith('.safetensors'));
      if (checkpoint && transfer.items.length === 1) {
        void session.readCheckpoint(checkpoint);
        return;
      }
      // The transfer is emptied when the event is over: the reading has to begin within it.
      const picked = filesFromDrop(transfer);
      read(() => picked);
    },
    setFolderInput: (input) => (folderInput = input),
    setCheckpointInput: (input) => (checkpointInput = input),
  };
}
