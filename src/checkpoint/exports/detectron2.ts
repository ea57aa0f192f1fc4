import type { Checkpoint } from '../checkpoint.ts';
import { NumpyArray, pyDict } from '../pickle/pickleValue.ts';
import { writePickle } from '../pickle/writePickle.ts';
import { teacherEncoder } from './teacher.ts';

/** The teacher's encoder as the published `convert_pretrain_to_d2.py` writes it: a pickle of NumPy arrays. */
export function writeDetectron2(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  const encoder = teacherEncoder(checkpoint);
  const arrays = [...encoder].map(([name, tensor]) => [detectron2Name(name), new NumpyArray(tensor)] as const);
  return writePickle(
    pyDict({
      model: new Map(arrays),
      // By this key detectron2 knows that the file is meant for it.
      __author__: 'slotcon-tab',
      // Lets it find the backbone's names at the ends of its own.
      matching_heuristics: true,
    }),
  );
}

/** `layer1.0.bn1.weight` → `res2.0.conv1.norm.weight` */
function detectron2Name(name: string): string {
  const staged = name.startsWith('layer')
    ? name.replace(/^layer(\d)/, (_, stage: string) => `res${Number(stage) + 1}`)
    : `stem.${name}`;
  return staged
    .replace(/\bbn(\d)/, 'conv$1.norm')
    .replace('downsample.0', 'shortcut')
    .replace('downsample.1', 'shortcut.norm');
}
