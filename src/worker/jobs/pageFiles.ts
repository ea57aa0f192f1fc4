import type { CommandOf } from '../commands.ts';
import type { OpenedImage } from '../contracts.ts';
import type { Post } from '../post.ts';

/** Files of the images, which the page holds and opens. */
export interface PageFiles {
  /** Resolves with undefined if the page has no such file any more. */
  open(path: string): Promise<OpenedImage | undefined>;
  receive(answer: CommandOf<'photograph'>): void;
}

export function createPageFiles(post: Post): PageFiles {
  const waiting = new Map<number, (opened: OpenedImage | undefined) => void>();
  let ids = 0;
  return {
    open: (path) =>
      new Promise((resolve) => {
        const id = ++ids;
        waiting.set(id, resolve);
        post({ type: 'wantPhotograph', id, path });
      }),
    receive: ({ id, opened }) => {
      waiting.get(id)?.(opened);
      waiting.delete(id);
    },
  };
}
