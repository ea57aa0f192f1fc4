import { createStore, type StoreApi } from 'zustand/vanilla';
import { SAMPLE_SCENES } from '../../config/presets.ts';
import type { Overlay } from '../../domain/reports.ts';
import { datasetOf, type Dataset } from '../session/images.ts';
import { openImage } from '../session/listing.ts';
import type { Session } from '../session/session.ts';
import type { DisplayImage } from './displayCopies.ts';
import type { DisplayWorkers } from './displayWorkers.ts';

/** Images of a folder, or the sample scenes, as they are shown. */
export type DisplaySource = (image: { readonly index: number; readonly path: string }) => DisplayImage;

export interface DisplaySources {
  /** The images that are chosen. */
  readonly present: DisplaySource | undefined;
  /** Those of the watched images: of a run that has ended, they stay while others are chosen. */
  readonly watched: DisplaySource | undefined;
}

/** Loads an image of a source with at most `longer` pixels a side; undefined if its file can't be read any more. */
export async function loadBitmap(
  source: DisplaySource | undefined,
  { imageIndex: index, path }: Pick<Overlay, 'imageIndex' | 'path'>,
  longer: number,
): Promise<ImageBitmap | undefined> {
  return source?.({ index, path })
    .load(longer)
    .then(
      (copy) => copy?.bitmap,
      () => undefined,
    );
}

/** The sources of what the page shows. */
export function createDisplaySources(
  session: Pick<Session, 'store'>,
  workers: DisplayWorkers,
): StoreApi<DisplaySources> {
  const sourceOf = createSourceFactory(workers);
  const sources = createStore<DisplaySources>()(() => ({ present: undefined, watched: undefined }));
  const follow = ({ images, run }: ReturnType<Session['store']['getState']>): void => {
    const dataset = datasetOf(images);
    const before = sources.getState();
    const present = dataset ? sourceOf(dataset) : before.present;
    const watched = run.status === 'ended' ? before.watched : present;
    if (present !== before.present || watched !== before.watched) sources.setState({ present, watched });
  };
  session.store.subscribe(follow);
  return sources;
}

/** Returns the same source for the same files, however often they are read. */
function createSourceFactory({ make }: DisplayWorkers): (dataset: Dataset) => DisplaySource {
  const known = new WeakMap<object, DisplaySource>();
  let folders = 0;
  const scenes: DisplaySource = ({ index }) => ({
    key: `scene ${index}`,
    load: (longer) => make({ subject: { kind: 'scene', seed: SAMPLE_SCENES.seed, index }, longer }),
  });
  const folderSource = (files: Files): DisplaySource => {
    const folder = ++folders;
    return ({ path }) => ({
      key: `${folder} ${path}`,
      load: async (longer) => make({ subject: { kind: 'file', ...(await openImage(files, path)) }, longer }),
    });
  };
  return ({ files }) => {
    if (!files) return scenes;
    const source = known.get(files) ?? folderSource(files);
    known.set(files, source);
    return source;
  };
}

type Files = NonNullable<Dataset['files']>;
