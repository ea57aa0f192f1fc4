import { SAMPLE_SCENES } from '../config/presets.ts';
import type { SkippedFile } from '../data/image.ts';
import type { SessionCore } from './sessionCore.ts';
import { datasetOf, isActive } from './sessionState.ts';

/** A folder as the page picked it. */
export interface PickedImages {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly file: File }[];
  readonly problems: readonly SkippedFile[];
}

export const SAMPLE_SCENES_NAME = 'sample scenes';

export interface SessionImages {
  /** Walks a folder and has it read. `pick` may give nothing: the person changed their mind. */
  readFolder(pick: () => Promise<PickedImages | undefined>, workingSize: number): Promise<void>;
  readSamples(): void;
  cancelReading(): void;
  /** Has a new worker read what the last one had. */
  readAgain(): void;
  /** Reads a folder once more if its working copies were made for another resolution; a run waits for it. */
  ensureWorkingSize(workingSize: number): void;
}

type Source =
  | { readonly kind: 'samples' }
  | { readonly kind: 'files'; readonly picked: PickedImages; readonly workingSize: number };

export function createSessionImages({ store, post, nextId, report, reportThrown }: SessionCore): SessionImages {
  let source: Source | undefined;

  const read = (from: Source): void => {
    source = from;
    const datasetId = nextId();
    const begin = (name: string, total: number, skipped: readonly SkippedFile[]): void => {
      const samples = from.kind === 'samples';
      const dataset = { datasetId, name, samples, usable: 0, skipped, pictures: [] };
      store.setState({ images: { status: 'reading', dataset, done: 0, total } });
    };
    if (from.kind === 'samples') {
      begin(SAMPLE_SCENES_NAME, SAMPLE_SCENES.count, []);
      post({ type: 'readSamples', datasetId, ...SAMPLE_SCENES });
    } else {
      const { name, files, problems } = from.picked;
      begin(name, files.length, problems);
      post({ type: 'readFiles', datasetId, name, workingSize: from.workingSize, files });
    }
  };

  const refuseWhileActive = (): boolean => {
    const active = isActive(store.getState().run);
    if (active) report('images/run-active', 'A run is using these images. Stop it first, then choose others.');
    return active;
  };

  return {
    readFolder: async (pick, workingSize) => {
      if (refuseWhileActive()) return;
      const before = store.getState().images;
      store.setState({ images: { status: 'listing' } });
      try {
        const picked = await pick();
        if (picked && picked.files.length + picked.problems.length > 0) {
          read({ kind: 'files', picked, workingSize });
          return;
        }
        store.setState({ images: before });
        if (picked)
          report('dataset/empty', `"${picked.name}" holds no images. Choose a folder with photographs in it.`);
      } catch (thrown) {
        store.setState({ images: before });
        reportThrown('folder/unreadable', thrown);
      }
    },
    readSamples: () => {
      if (!refuseWhileActive()) read({ kind: 'samples' });
    },
    cancelReading: () => {
      const dataset = datasetOf(store.getState().images);
      if (dataset) post({ type: 'cancelReading', datasetId: dataset.datasetId });
    },
    readAgain: () => {
      if (source) read(source);
    },
    ensureWorkingSize: (workingSize) => {
      if (source?.kind === 'files' && source.workingSize !== workingSize) read({ ...source, workingSize });
    },
  };
}
