import { SAMPLE_SCENES } from '../../config/presets.ts';
import { sortPaths } from '../../data/folder/fileNames.ts';
import type { SkippedFile } from '../../domain/images.ts';
import type { Note } from '../../domain/note.ts';
import { createCoalescer } from '../../lib/async/coalesce.ts';
import type { Thumbnail } from '../../worker/contracts.ts';
import type { EventOf, WorkerEvent } from '../../worker/events.ts';
import type { SessionCore } from './core.ts';
import { openListed, startListing, type Listing, type PickedImages } from './listing.ts';
import { isActive, type RunSlice } from './run.ts';

export const SAMPLE_SCENES_NAME = 'sample scenes';

export interface ImageSummary {
  readonly index: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: Thumbnail;
}

export interface Dataset {
  readonly datasetId: number;
  readonly name: string;
  /** Built-in scenes, whose masks are known. */
  readonly samples: boolean;
  readonly usable: number;
  readonly skipped: readonly SkippedFile[];
  /** Up to `MAX_THUMBNAILS` usable images: in the order of arrival while they are read, by path afterwards. */
  readonly images: readonly ImageSummary[];
  /** What is to be known of them before a run; empty until all are read. */
  readonly notes: readonly Note[];
  /** Number of images that differ from each other, once all are read. */
  readonly different?: number;
  /** Opens its files; undefined for sample scenes. */
  readonly files: Pick<Listing, 'open'> | undefined;
}

export type ImagesState =
  | { readonly status: 'empty' }
  /** The page has found nothing yet in the folder. */
  | { readonly status: 'listing' }
  /** isListing: the page still walks the folder, and the total grows. */
  | {
      readonly status: 'reading';
      readonly dataset: Dataset;
      readonly done: number;
      readonly total: number;
      readonly isListing: boolean;
    }
  | { readonly status: 'ready'; readonly dataset: Dataset; readonly canceled: boolean };

export interface ImagesSlice {
  readonly images: ImagesState;
}

export const INITIAL_IMAGES: ImagesSlice = { images: { status: 'empty' } };

export function datasetOf(images: ImagesState): Dataset | undefined {
  return images.status === 'reading' || images.status === 'ready' ? images.dataset : undefined;
}

/** Applies a batch of events, in order; those of another data set change nothing. */
export function reduceImages(images: ImagesState, events: readonly WorkerEvent[]): ImagesState {
  return events.reduce(reduceReading, withImages(images, events));
}

/** Images come by the thousand: those of a batch are added together. */
function withImages(images: ImagesState, events: readonly WorkerEvent[]): ImagesState {
  if (images.status !== 'reading' && images.status !== 'ready') return images;
  const { dataset } = images;
  const isOwn = (event: { datasetId: number }): boolean => event.datasetId === dataset.datasetId;
  const read = events.filter((event) => event.type === 'imageRead').filter(isOwn);
  const skipped = events.filter((event) => event.type === 'imageSkipped').filter(isOwn);
  if (read.length + skipped.length === 0) return images;
  return {
    ...images,
    dataset: {
      ...dataset,
      skipped: [...dataset.skipped, ...skipped.map(({ file }) => file)],
      images: [...dataset.images, ...read],
    },
  };
}

function reduceReading(images: ImagesState, event: WorkerEvent): ImagesState {
  if (event.type !== 'reading' && event.type !== 'readDone') return images;
  if (images.status !== 'reading' || images.dataset.datasetId !== event.datasetId) return images;
  // The worker's count is the one that training goes by.
  const dataset = { ...images.dataset, usable: event.usable };
  if (event.type === 'reading') return { ...images, dataset, done: event.done };
  return {
    status: 'ready',
    dataset: { ...dataset, images: sortPaths(dataset.images), notes: event.notes, different: event.different },
    canceled: event.canceled,
  };
}

/** A lost worker reads no further. */
export function imagesAfterLoss(images: ImagesState): ImagesState {
  return images.status === 'reading' ? { status: 'ready', dataset: images.dataset, canceled: true } : images;
}

export interface ImageActions {
  /**
   * Reads a folder while it is still being walked. `pick` may give nothing: the person changed their mind. Resolves when
   * reading has begun.
   */
  readFolder(pick: () => Promise<PickedImages | undefined>, workingSize: number): Promise<void>;
  readSamples(): void;
  cancelReading(): void;
}

/** Actions, and what the session needs beside them. */
export interface ImagesPart {
  readonly actions: ImageActions;
  /** Reads the images once more, for a new worker. */
  reload(): void;
  /** Reads a folder once more if its working copies were made for another resolution; a run waits for it. */
  ensureWorkingSize(workingSize: number): void;
  /** Opens files for the worker. */
  sendFiles(event: EventOf<'wantFiles'>): Promise<void>;
}

type Source =
  | { readonly kind: 'samples' }
  | { readonly kind: 'folder'; readonly listing: Listing; readonly workingSize: number };

/** Interval at which the progress of a long walk is shown. */
const UPDATE_MS = 100;

export function createImagesSlice({
  store,
  send,
  nextId,
  report,
  reportThrown,
}: SessionCore<ImagesSlice & RunSlice>): ImagesPart {
  let source: Source | undefined;
  let reading: { readonly datasetId: number; readonly listing: Listing; sent: number } | undefined;

  const begin = (from: Source, name: string, skipped: Listing['problems'], total: number): number => {
    source = from;
    const datasetId = nextId();
    const samples = from.kind === 'samples';
    const files = from.kind === 'folder' ? from.listing : undefined;
    const dataset = { datasetId, name, samples, usable: 0, skipped, images: [], notes: [], files };
    const isListing = from.kind === 'folder' && !from.listing.isComplete;
    store.setState({ images: { status: 'reading', dataset, done: 0, total, isListing } });
    return datasetId;
  };
  const readSampleScenes = (): void => {
    reading = undefined;
    const datasetId = begin({ kind: 'samples' }, SAMPLE_SCENES_NAME, [], SAMPLE_SCENES.count);
    send({ type: 'readSamples', datasetId, ...SAMPLE_SCENES });
  };
  const readListed = (listing: Listing, workingSize: number): void => {
    const { name, paths, problems } = listing;
    const datasetId = begin({ kind: 'folder', listing, workingSize }, name, problems.slice(), paths.length);
    reading = { datasetId, listing, sent: 0 };
    send({ type: 'readFiles', datasetId, name, workingSize });
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

  const refuseWhileActive = (): boolean => {
    const active = isActive(store.getState().run);
    if (active) report('images/run-active', 'A run is using these images. Stop it first, then choose others.');
    return active;
  };
  /** Counts walks: one that is still at its beginning gives way to the next. */
  let walk = 0;
  const readFolder: ImageActions['readFolder'] = async (pick, workingSize) => {
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
      if (listing && listing.paths.length + listing.problems.length > 0) {
        readListed(listing, workingSize);
        return;
      }
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
    actions: {
      readFolder,
      readSamples: () => {
        if (refuseWhileActive()) return;
        walk++;
        readSampleScenes();
      },
      cancelReading: () => {
        const dataset = datasetOf(store.getState().images);
        if (!dataset) return;
        send({ type: 'cancelReading', datasetId: dataset.datasetId });
        reading?.listing.stop();
      },
    },
    reload: () => {
      if (source?.kind === 'samples') readSampleScenes();
      else if (source) readListed(source.listing, source.workingSize);
    },
    ensureWorkingSize: (workingSize) => {
      if (source?.kind === 'folder' && source.workingSize !== workingSize) readListed(source.listing, workingSize);
    },
    sendFiles: async ({ datasetId, count }) => {
      const mine = reading;
      if (mine?.datasetId !== datasetId) return;
      const { listing } = mine;
      while (mine.sent >= listing.paths.length && !listing.isComplete) await listing.change();
      const paths = listing.paths.slice(mine.sent, mine.sent + count);
      mine.sent += paths.length;
      const isLast = listing.isComplete && mine.sent >= listing.paths.length;
      const files = await Promise.all(paths.map((path) => openListed(listing, path)));
      if (reading === mine) send({ type: 'files', datasetId, files, isLast });
    },
  };
}
