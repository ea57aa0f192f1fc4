import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  filesFromDrop,
  filesFromHandle,
  filesFromInput,
  filesFromPicker,
  type PickedFolder,
} from '../../data/folder/pickedFolder.browser.ts';
import { mayBeMaskPath } from '../../data/masks/maskFiles.ts';
import { UserError } from '../../lib/errors.ts';
import type { LastFolder } from '../../state/platform/lastFolder.ts';
import type { Session } from '../../state/session/session.ts';
import type { Settings } from '../../state/view/settings.ts';

/** Endings of files with weights, PyTorch's too; the worker tells them apart by content. */
export const WEIGHT_ENDINGS = ['.safetensors', '.pth', '.pt', '.ckpt', '.bin', '.tar', '.pkl', '.onnx'] as const;

/** Brings in images, masks and checkpoints: by picker, hidden inputs, drop, or from the folder of the last visit. */
export interface ImageAccess {
  readonly lastFolder: StoreApi<FileSystemDirectoryHandle | undefined>;
  /** Opens the system's folder dialog; in a click handler only. */
  chooseFolder(): void;
  chooseLastFolder(): void;
  /** The folder of the last visit if it has this name, else the dialog; in a click handler only. */
  chooseAgain(name: string): void;
  chooseCheckpoint(): void;
  /** A folder of masks to score the slots by; in a click handler only. */
  chooseMasks(): void;
  /** A COCO file of annotations in place of masks. */
  chooseAnnotations(): void;
  fromInput(files: FileList): void;
  /** A checkpoint to continue from, or an encoder to start from. */
  fromCheckpointInput(file: File): void;
  fromMasksInput(files: FileList): void;
  /** `asMasks`: a dropped folder is one of masks, a dropped JSON file holds annotations. */
  fromDrop(transfer: DataTransfer, asMasks: boolean): void;
  /** Registers a hidden input, which opens the system's dialog where there is no directory picker. */
  setInput(name: InputName, input: HTMLInputElement | null): void;
}

export type InputName = 'folder' | 'checkpoint' | 'masks' | 'annotations';

export function createImageAccess(session: Session, settings: Settings, memory: LastFolder): ImageAccess {
  const inputs: Partial<Record<InputName, HTMLInputElement | null>> = {};
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
  const readMasks = (pick: () => Promise<PickedFolder | undefined>): void => void session.chooseMasks(pick);
  const openFile = (file: File): void => session.readCheckpoint(file, settings.store.getState().config);
  const chooseFolder = (): void => {
    if (hasPicker()) read(() => filesFromPicker('images'));
    else inputs.folder?.click();
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
    chooseCheckpoint: () => inputs.checkpoint?.click(),
    chooseMasks: () => {
      if (hasPicker()) readMasks(() => filesFromPicker('masks', mayBeMaskPath));
      else inputs.masks?.click();
    },
    chooseAnnotations: () => inputs.annotations?.click(),
    fromInput: (files) => read(ready(filesFromInput(files))),
    fromCheckpointInput: openFile,
    fromMasksInput: (files) => readMasks(ready(filesFromInput(files, mayBeMaskPath))),
    fromDrop: (transfer, asMasks) => {
      const file = weightsIn(transfer);
      if (file) return openFile(file);
      // The transfer is emptied when the event is over: the reading has to begin within it.
      const picked = filesFromDrop(transfer, asMasks ? mayBeMaskPath : undefined);
      (asMasks ? readMasks : read)(() => picked);
    },
    setInput: (name, input) => (inputs[name] = input),
  };
}

function hasPicker(): boolean {
  return 'showDirectoryPicker' in window;
}

function ready(folder: PickedFolder): () => Promise<PickedFolder> {
  return () => Promise.resolve(folder);
}

/** The file with weights, if that is all there is. */
function weightsIn({ files }: DataTransfer): File | undefined {
  const file = files.length === 1 ? files.item(0) : null;
  return file && WEIGHT_ENDINGS.some((ending) => file.name.endsWith(ending)) ? file : undefined;
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
