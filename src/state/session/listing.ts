import { splitPagePath } from '../../data/decode/pagePath.ts';
import { unreadable } from '../../data/decode/refusal.ts';
import type { SkippedFile } from '../../domain/images.ts';
import type { FolderFile, OpenedImage } from '../../worker/contracts.ts';

interface Found {
  readonly paths: readonly string[];
  readonly problems: readonly SkippedFile[];
}

/** A folder as the page picked it: see `PickedFolder` in data/folder/pickedFolder.browser.ts. */
export interface PickedImages {
  readonly name: string;
  list(): AsyncIterable<Found> | Iterable<Found>;
  open(path: string): Promise<File>;
}

/** Content of a folder that is being walked, as far as it is known. */
export interface Listing {
  readonly name: string;
  /** In the order of the walk; grows until it is complete. */
  readonly paths: readonly string[];
  readonly problems: readonly SkippedFile[];
  readonly isComplete: boolean;
  /** The error that ended the walk early, if there was one. */
  readonly failure: unknown;
  /** Resolves when more is known or nothing more will be. */
  change(): Promise<void>;
  /** Ends the walk. */
  stop(): void;
  open(path: string): Promise<File>;
}

/** Begins to walk a folder. */
export function startListing(folder: PickedImages): Listing {
  const paths: string[] = [];
  const problems: SkippedFile[] = [];
  let [isComplete, failure]: [boolean, unknown] = [false, undefined];
  let waiting: (() => void)[] = [];
  const notify = (): void => {
    const resolvers = waiting;
    waiting = [];
    for (const resolve of resolvers) resolve();
  };
  const walk = async (): Promise<void> => {
    try {
      for await (const found of folder.list()) {
        if (isComplete) return;
        paths.push(...found.paths);
        problems.push(...found.problems);
        notify();
      }
    } catch (error) {
      failure = error;
    }
    isComplete = true;
    notify();
  };
  void walk();
  return {
    name: folder.name,
    paths,
    problems,
    get isComplete() {
      return isComplete;
    },
    get failure() {
      return failure;
    },
    change: () => (isComplete ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => {
      isComplete = true;
      notify();
    },
    open: (path) => folder.open(path),
  };
}

/** Opens a file of a listing; one that can't be read is skipped. */
export async function openListed(listing: Listing, path: string): Promise<FolderFile> {
  try {
    return { path, file: await listing.open(path) };
  } catch (thrown) {
    return { skipped: unreadable(path, thrown) };
  }
}

/** The file of an image; of a page, that of the file which holds it. */
export async function openImage(files: Pick<Listing, 'open'>, path: string): Promise<OpenedImage> {
  try {
    return { file: await files.open(path), path, page: 1 };
  } catch (thrown) {
    const { path: holder, page } = splitPagePath(path);
    if (holder === path) throw thrown;
    return { file: await files.open(holder), path: holder, page };
  }
}
