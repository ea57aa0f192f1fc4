import { encoderFamily } from '../../nn/encoders/encoders.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { NumpyArray, pyDict } from '../pickle/pickleValue.ts';
import { writePickle } from '../pickle/writePickle.ts';
import { teacherEncoder } from './teacher.ts';

/** Writes the teacher's encoder like the published `convert_pretrain_to_d2.py`: a pickle of NumPy arrays. */
export function writeDetectron2(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  const encoder = teacherEncoder(checkpoint);
  const { detectron2Name } = encoderFamily(checkpoint.config.arch);
  const arrays = [...encoder].map(([name, tensor]) => [detectron2Name(name), new NumpyArray(tensor)] as const);
  return writePickle(
    pyDict({
      model: new Map(arrays),
      // detectron2 recognizes its files by this key.
      __author__: 'slotcon-tab',
      // Makes detectron2 match names by their suffixes.
      matching_heuristics: true,
    }),
  );
}
