import type { ChangeEvent, ReactElement } from 'react';
import { useApp } from '../app.ts';
import { WEIGHT_ENDINGS } from './imageAccess.ts';

/** `webkitdirectory` is not among React's typed attributes. */
const DIRECTORY = { webkitdirectory: '' };

/** File inputs behind "Choose folder" and "Choose masks" (where there is no directory picker), "COCO file" and "Load checkpoint". */
export function HiddenInputs(): ReactElement {
  const { images } = useApp();
  const chooseFolder = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    if (currentTarget.files) images.fromInput(currentTarget.files);
    currentTarget.value = '';
  };
  const chooseCheckpoint = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    const file = currentTarget.files?.[0];
    if (file) images.fromCheckpointInput(file);
    currentTarget.value = '';
  };
  const chooseMasks = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    if (currentTarget.files) images.fromMasksInput(currentTarget.files);
    currentTarget.value = '';
  };
  return (
    <>
      <input
        ref={(input) => images.setInput('folder', input)}
        type="file"
        hidden
        multiple
        {...DIRECTORY}
        aria-label="Folder of images"
        data-testid="folder-input"
        onChange={chooseFolder}
      />
      <input
        ref={(input) => images.setInput('checkpoint', input)}
        type="file"
        hidden
        accept={WEIGHT_ENDINGS.join()}
        aria-label="Checkpoint file"
        data-testid="checkpoint-input"
        onChange={chooseCheckpoint}
      />
      <input
        ref={(input) => images.setInput('masks', input)}
        type="file"
        hidden
        multiple
        {...DIRECTORY}
        aria-label="Folder of masks"
        data-testid="masks-input"
        onChange={chooseMasks}
      />
      <input
        ref={(input) => images.setInput('annotations', input)}
        type="file"
        hidden
        accept=".json"
        aria-label="COCO file of annotations"
        data-testid="annotations-input"
        onChange={chooseMasks}
      />
    </>
  );
}
