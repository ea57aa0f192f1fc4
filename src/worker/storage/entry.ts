import { errorMessage } from '../../lib/errors.ts';
import type { FromStorage, ToStorage } from './storageMessages.ts';
import { writeFile } from './writeFile.ts';

// A worker that lives as long as one file is written: the page itself can write in fewer browsers, and not as safely.

const reply = (message: FromStorage): void => self.postMessage(message);

self.addEventListener('message', ({ data: { path, source } }: MessageEvent<ToStorage>) => {
  navigator.storage
    .getDirectory()
    .then((root) => writeFile(root, path, source))
    .then(
      () => reply({}),
      (error: unknown) => reply({ failure: errorMessage(error) }),
    );
});
