import type { SkippedFile } from '../../domain/images.ts';

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

/** What is known of a folder that is being walked. */
export interface Listing {
  readonly name: string;
  /** In the order they were come upon; grows until it is complete. */
  readonly paths: readonly string[];
  readonly problems: readonly SkippedFile[];
  readonly isComplete: boolean;
  /** Why the walk broke off, if it did. */
  readonly failure: unknown;
  /** Resolves when more is known or nothing more will be. */
  change(): Promise<void>;
  /** Looks no further. */
  stop(): void;
  open(path: string): Promise<File>;
}

/** Begins to walk a folder. */
export function startListing(folder: PickedImages): Listing {
  const paths: string[] = [];
  const problems: SkippedFile[] = [];
  let [isComplete, failure]: [boolean, unknown] = [false, undefined];
  let waiting: (() => void)[] = [];
  const tell = (): void => {
    const told = waiting;
    waiting = [];
    for (const resolve of told) resolve();
  };
  const walk = async (): Promise<void> => {
    try {
      for await (const found of folder.list()) {
        if (isComplete) return;
        paths.push(...found.paths);
        problems.push(...found.problems);
        tell();
      }
    } catch (error) {
      failure = error;
    }
    isComplete = true;
    tell();
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
      tell();
    },
    open: (path) => folder.open(path),
  };
}
