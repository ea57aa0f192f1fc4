import { bitmapOf, decodeForDisplay } from '../../data/decode/displayCopy.browser.ts';
import type { DisplayCopy, DisplayFailure, ToDisplay } from './displayMessages.ts';

/** Sample scenes are drawn up to this side: larger ones take seconds and show no more. */
const MAX_SCENE_SIDE = 512;

/** Makes a copy of an image for the screen. Never rejects. */
export async function makeDisplayCopy(job: ToDisplay): Promise<DisplayCopy | DisplayFailure> {
  return make(job).then(
    (copy) => copy ?? 'unreadable',
    () => 'unreadable',
  );
}

async function make({ subject, longer }: ToDisplay): Promise<DisplayCopy | undefined> {
  if (subject.kind === 'file') return decodeForDisplay(subject.file, subject.path, subject.page, longer);
  // Loaded when wanted: most people bring photographs.
  const { sampleScene } = await import('../../data/scenes/samples.ts');
  const side = Math.min(longer, MAX_SCENE_SIDE);
  const { image } = sampleScene(subject.seed, subject.index, side);
  return { bitmap: await bitmapOf(image), isFull: side === MAX_SCENE_SIDE };
}
