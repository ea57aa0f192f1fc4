import { SAMPLE_SCENES } from '../../config/presets.ts';
import { unreadable } from '../../data/decode/refusal.ts';
import type { FromWorker, FolderFile } from '../../worker/protocol.ts';
import { createCoalescer } from '../../lib/coalesce.ts';
import { startListing, type Listing, type PickedImages } from './listing.ts';
import type { SessionCore } from './core.ts';
import { datasetOf, isActive } from './state.ts';

export const SAMPLE_SCENES_NAME = 'sample scenes';

export interface SessionImages {
  /**
   * Has a folder read while it is still being walked. `pick` may give nothing: the person changed their mind. Resolves
   * when the reading has begun.
   */
  readFolder(pick: () => Promise<PickedImages | undefined>, workingSize: number): Promise<void>;
  readSamples(): void;
  cancelReading(): void;
}

/** …and what the session's other parts ask of it. */
export interface ImagesPart extends SessionImages {
  /** Has a new worker read what the last one had. */
  readAgain(): void;
  /** Reads a folder once more if its working copies were made for another resolution; a run waits for it. */
  ensureWorkingSize(workingSize: number): void;
  /** Opens files for the worker. */
  feed(message: Extract<FromWorker, { type: 'wantFiles' }>): Promise<void>;
}

type Source =
  { readonly kind: 'samples' } | { readonly kind: 'folder'; readonly listing: Listing; readonly workingSize: number };

/** What a long walk has found is shown as often as this. */
const UPDATE_MS = 100;

export function createSessionImages({ store, post, nextId, report, reportThrown }: SessionCore): ImagesPart {
  let source: Source | undefined;
  let reading: { readonly datasetId: number; readonly listing: Listing; fed: number } | undefined;

  const begin = (from: Source, name: string, skipped: Listing['problems'], total: number): number => {
    source = from;
    const datasetId = nextId();
    const samples = from.kind === 'samples';
    const dataset = { datasetId, name, samples, usable: 0, skipped, pictures: [] };
    store.setState({
      images: {
        status: 'reading',
        dataset,
        done: 0,
        total,
        isListing: from.kind === 'folder' && !from.listing.isComplete,
      },
    });
    return datasetId;
  };
  const readSampleScenes = (): void => {
    reading = undefined;
    const datasetId = begin({ kind: 'samples' }, SAMPLE_SCENES_NAME, [], SAMPLE_SCENES.count);
    post({ type: 'readSamples', datasetId, ...SAMPLE_SCENES });
  };
  const readListed = (listing: Listing, workingSize: number): void => {
    const { name, paths, problems } = listing;
    const datasetId = begin({ kind: 'folder', listing, workingSize }, name, problems.slice(), paths.length);
    reading = { datasetId, listing, fed: 0 };
    post({ type: 'readFiles', datasetId, name, workingSize });
    if (!listing.isComplete) void follow(datasetId, listing, problems.length);
  };
  /** Shows what the walk finds. */
  const follow = async (datasetId: number, listing: Listing, shownProblems: number): Promise<void> => {
    let shown = shownProblems;
    const updates = createCoalescer(() => {
      const { images } = store.getState();
      if (images.status !== 'reading' || images.dataset.datasetId !== datasetId) return;
      const skipped = [...images.dataset.skipped, ...listing.problems.slice(shown)];
      shown = listing.problems.length;
      const [total, isListing] = [listing.paths.length, !listing.isComplete];
      store.setState({ images: { ...images, total, isListing, dataset: { ...images.dataset, skipped } } });
    }, UPDATE_MS);
    while (!listing.isComplete) {
      await listing.change();
      updates.add(undefined);
    }
    updates.flush();
    if (listing.failure !== undefined) reportThrown('folder/unreadable', listing.failure);
  };
  const feed: ImagesPart['feed'] = async ({ datasetId, count }) => {
    const mine = reading;
    if (mine?.datasetId !== datasetId) return;
    const { listing } = mine;
    while (mine.fed >= listing.paths.length && !listing.isComplete) await listing.change();
    const paths = listing.paths.slice(mine.fed, mine.fed + count);
    mine.fed += paths.length;
    const isLast = listing.isComplete && mine.fed >= listing.paths.length;
    const files = await Promise.all(paths.map((path) => opened(listing, path)));
    if (reading === mine) post({ type: 'files', datasetId, files, isLast });
  };

  const refuseWhileActive = (): boolean => {
    const active = isActive(store.getState().run);
    if (active) report('images/run-active', 'A run is using these images. Stop it first, then choose others.');
    return active;
  };
  /** The latest walk: an earlier one that is still at its beginning gives way. */
  let walk = 0;
  const readFolder: SessionImages['readFolder'] = async (pick, workingSize) => {
    if (refuseWhileActive()) return;
    const mine = ++walk;
    const { images } = store.getState();
    const before = images.status === 'listing' ? ({ status: 'empty' } as const) : images;
    store.setState({ images: { status: 'listing' } });
    try {
      const picked = await pick();
      const listing = picked && startListing(picked);
      while (listing && !listing.isComplete && listing.paths.length === 0) await listing.change();
      if (mine !== walk) return listing?.stop();
      if (listing && listing.paths.length + listing.problems.length > 0) return readListed(listing, workingSize);
      store.setState({ images: before });
      if (listing?.failure !== undefined) reportThrown('folder/unreadable', listing.failure);
      else if (picked)
        report('dataset/empty', `"${picked.name}" holds no images. Choose a folder with photographs in it.`);
    } catch (thrown) {
      if (mine !== walk) return;
      store.setState({ images: before });
      reportThrown('folder/unreadable', thrown);
    }
  };

  return {
    feed,
    readFolder,
    readSamples: () => {
      if (refuseWhileActive()) return;
      walk++;
      readSampleScenes();
    },
    cancelReading: () => {
      const dataset = datasetOf(store.getState().images);
      if (!dataset) return;
      post({ type: 'cancelReading', datasetId: dataset.datasetId });
      reading?.listing.stop();
    },
    readAgain: () => {
      if (source?.kind === 'samples') readSampleScenes();
      else if (source) readListed(source.listing, source.workingSize);
    },
    ensureWorkingSize: (workingSize) => {
      if (source?.kind === 'folder' && source.workingSize !== workingSize) readListed(source.listing, workingSize);
    },
  };
}

async function opened(listing: Listing, path: string): Promise<FolderFile> {
  try {
    return { path, file: await listing.open(path) };
  } catch (thrown) {
    return { skipped: unreadable(path, thrown) };
  }
}
