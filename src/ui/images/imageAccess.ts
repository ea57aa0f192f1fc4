import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  filesFromDrop,
  filesFromHandle,
  filesFromInput,
  filesFromPicker,
  type PickedFolder,
} from '../../data/folder/pickedFolder.browser.ts';
import { UserError } from '../../lib/errors.ts';
import type { LastFolder } from '../../state/platform/lastFolder.ts';
import type { Session } from '../../state/session/session.ts';
import type { Settings } from '../../state/view/settings.ts';

/** How the names of files with weights end, in PyTorch's world too; what is in them, the worker judges by content. */
export const WEIGHT_ENDINGS = ['.safetensors', '.pth', '.pt', '.ckpt', '.bin', '.tar', '.pkl', '.onnx'] as const;

/** The ways images and checkpoints come in: picker, hidden inputs, drop, the folder of the last visit. */
export interface ImageAccess {
  readonly lastFolder: StoreApi<FileSystemDirectoryHandle | undefined>;
  /** Opens the system's folder dialog; in a click handler only. */
  chooseFolder(): void;
  chooseLastFolder(): void;
  /** The folder of the last visit if it has this name, else the dialog; in a click handler only. */
  chooseAgain(name: string): void;
  chooseCheckpoint(): void;
  /** A folder of masks that the slots are judged by; in a click handler only. */
  chooseMasks(): void;
  fromInput(files: FileList): void;
  /** A checkpoint to continue from, or an encoder to start from. */
  fromCheckpointInput(file: File): void;
  fromMasksInput(files: FileList): void;
  /** A folder dropped where masks are looked at is one of masks. */
  fromDrop(transfer: DataTransfer, asMasks: boolean): void;
  /** Where the hidden inputs tell of themselves. */
  setFolderInput(input: HTMLInputElement | null): void;
  setCheckpointInput(input: HTMLInputElement | null): void;
  setMasksInput(input: HTMLInputElement | null): void;
}

export function createImageAccess(session: Session, settings: Settings, memory: LastFolder): ImageAccess {
  let folderInput: HTMLInputElement | null = null;
  let checkpointInput: HTMLInputElement | null = null;
  let masksInput: HTMLInputElement | null = null;
  const lastFolder = createStore<FileSystemDirectoryHandle | undefined>()(() => undefined);
  void memory.recall().then((handle) => lastFolder.setState(handle, true));

  const read = (pick: () => Promise<PickedFolder | undefined>): void => {
    const picked = async (): Promise<PickedFolder | undefined> => {
      const folder = await pick();
      if (folder?.handle) void memory.remember(folder.handle);
      return folder;
    };
    void session.readFolder(picked, settings.store.getState().config.workingSize);
  };
  const open = (file: File): void => session.readCheckpoint(file, settings.store.getState().config);
  const chooseFolder = (): void => {
    if ('showDirectoryPicker' in window) read(() => filesFromPicker('images'));
    else folderInput?.click();
  };
  const chooseLastFolder = (): void => {
    const handle = lastFolder.getState();
    if (handle) read(() => reopen(handle));
  };
  return {
    lastFolder,
    chooseFolder,
    chooseLastFolder,
    chooseAgain: (name) => {
      if (lastFolder.getState()?.name === name) chooseLastFolder();
      else chooseFolder();
    },
    chooseCheckpoint: () => checkpointInput?.click(),
    chooseMasks: () => {
      if ('showDirectoryPicker' in window) void session.chooseMasks(() => filesFromPicker('masks'));
      else masksInput?.click();
    },
    fromCheckpointInput: open,
    fromMasksInput: (files) => {
      const picked = filesFromInput(files);
      void session.chooseMasks(() => Promise.resolve(picked));
    },
    fromInput: (files) => {
      const picked = filesFromInput(files);
      read(() => Promise.resolve(picked));
    },
    fromDrop: (transfer, asMasks) => {
      const [file] = transfer.files;
      if (file && transfer.files.length === 1 && WEIGHT_ENDINGS.some((ending) => file.name.endsWith(ending))) {
        open(file);
        return;
      }
      // The transfer is emptied when the event is over: the reading has to begin within it.
      const picked = filesFromDrop(transfer);
      if (asMasks) void session.chooseMasks(() => picked);
      else read(() => picked);
    },
    setFolderInput: (input) => (folderInput = input),
    setCheckpointInput: (input) => (checkpointInput = input),
    setMasksInput: (input) => (masksInput = input),
  };
}

/** Chromium's; TypeScript's DOM library doesn't know it. */
interface AskableHandle {
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}

async function reopen(handle: FileSystemDirectoryHandle): Promise<PickedFolder | undefined> {
  const answer = await (handle as AskableHandle).requestPermission?.({ mode: 'read' });
  if (answer !== undefined && answer !== 'granted') {
    throw new UserError('folder/refused', `"${handle.name}" was not opened: the permission was not given.`);
  }
  return filesFromHandle(handle);
}
