import { decodeFile } from '../../data/decode/decode.browser.ts';
import { corrupt } from '../../data/decode/refusal.ts';
import { errorMessage } from '../../lib/errors.ts';
import { thumbnailOf } from '../thumbnail.ts';
import type { FromDecoder, ToDecoder } from './messages.ts';

// One of several workers that turn files into working copies while a folder is read.

const answer = (message: FromDecoder, move: Transferable[] = []): void => self.postMessage(message, { transfer: move });

self.addEventListener('message', ({ data }: MessageEvent<ToDecoder>) => {
  decode(data).catch((thrown: unknown) => {
    answer({ skipped: { path: data.path, ...corrupt(`It can't be decoded (${errorMessage(thrown)}).`) } });
  });
});

async function decode({ file, path, workingSize }: ToDecoder): Promise<void> {
  for await (const outcome of decodeFile(file, path, { shorter: workingSize })) {
    if ('skipped' in outcome) {
      answer(outcome);
    } else {
      const { image } = outcome;
      const thumbnail = thumbnailOf(image);
      answer({ ...outcome, thumbnail }, [image.data.buffer, thumbnail.data.buffer]);
    }
  }
}

answer('ready');
