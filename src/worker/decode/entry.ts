import { decodeFile } from '../../data/decode/decode.browser.ts';
import { corrupt } from '../../data/decode/refusal.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { ToDisplay } from './displayMessages.ts';
import { thumbnailOf } from '../thumbnail.ts';
import { makeDisplayCopy } from './displayCopy.ts';
import type { FromDecoder, ToDecoder } from './messages.ts';

// One of several workers that turn files into working copies while a folder is read, or into copies for the screen.

const answer = (message: FromDecoder, move: Transferable[] = []): void => self.postMessage(message, { transfer: move });

self.addEventListener('message', ({ data }: MessageEvent<ToDecoder | ToDisplay>) => {
  if ('subject' in data) return void answerDisplay(data);
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

async function answerDisplay(job: ToDisplay): Promise<void> {
  const copy = await makeDisplayCopy(job);
  self.postMessage(copy, { transfer: copy === 'unreadable' ? [] : [copy.bitmap] });
}

answer('ready');
