import { decodeFile } from '../../data/decode/decode.browser.ts';
import type { FileImage } from '../../data/decode/decode.ts';
import { corrupt } from '../../data/decode/refusal.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { ToDisplay } from './displayMessages.ts';
import { thumbnailOf } from '../thumbnail.ts';
import { makeDisplayCopy } from './displayCopy.ts';
import type { FromDecoder, ToDecoder } from './messages.ts';

// One of several workers that turn files into working copies while a folder is read, or into copies for the screen.

const answer = (message: FromDecoder, move: Transferable[] = []): void => self.postMessage(message, { transfer: move });

let path = '';
let images: AsyncGenerator<FileImage> | undefined;

self.addEventListener('message', ({ data }: MessageEvent<ToDecoder | ToDisplay>) => {
  if (data !== 'next') {
    if ('subject' in data) return void answerDisplay(data);
    ({ path } = data);
    images = decodeFile(data.file, path, { shorter: data.workingSize });
  }
  answerNext().catch((thrown: unknown) => {
    images = undefined;
    answer({ skipped: { path, ...corrupt(`It can't be decoded (${errorMessage(thrown)}).`) } });
  });
});

async function answerNext(): Promise<void> {
  const next = await images?.next();
  if (!next || next.done) answer('done');
  else if ('skipped' in next.value) answer(next.value);
  else {
    const thumbnail = thumbnailOf(next.value.image);
    answer({ ...next.value, thumbnail }, [next.value.image.data.buffer, thumbnail.data.buffer]);
  }
}

async function answerDisplay(job: ToDisplay): Promise<void> {
  const copy = await makeDisplayCopy(job);
  self.postMessage(copy, { transfer: copy === 'unreadable' ? [] : [copy.bitmap] });
}

answer('ready');
