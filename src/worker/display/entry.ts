import { bitmapOf, decodeForDisplay } from '../../data/decode/displayCopy.browser.ts';
import type { DisplaySubject, FromDisplay, ToDisplay } from './messages.ts';

// One of the workers that make display copies.

/** Sample scenes are drawn up to this side: larger ones take seconds and show no more. */
const MAX_SCENE_SIDE = 512;

const answer = (message: FromDisplay, move: Transferable[] = []): void => self.postMessage(message, { transfer: move });

self.addEventListener('message', ({ data: { subject, longer } }: MessageEvent<ToDisplay>) => {
  make(subject, longer).then(
    (copy) => answer(copy ?? 'failed', copy ? [copy.bitmap] : []),
    () => answer('failed'),
  );
});

async function make(subject: DisplaySubject, longer: number) {
  if (subject.kind === 'file') return decodeForDisplay(subject.file, subject.path, subject.page, longer);
  // Loaded when wanted: most people bring photographs.
  const { sampleScene } = await import('../../data/scenes/samples.ts');
  const side = Math.min(longer, MAX_SCENE_SIDE);
  const { image } = sampleScene(subject.seed, subject.index, side);
  return { bitmap: await bitmapOf(image), isFull: side === MAX_SCENE_SIDE };
}
