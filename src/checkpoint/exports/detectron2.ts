import { encoderFamily } from '../../nn/encoders/encoders.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { NumpyArray, pyDict } from '../pickle/pickleValue.ts';
import { writePickle } from '../pickle/writePickle.ts';
import { teacherEncoder } from './teacher.ts';

/** The teacher's encoder as the published `convert_pretrain_to_d2.py` writes it: a pickle of NumPy arrays. */
export function writeDetectron2(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  const encoder = teacherEncoder(checkpoint);
  const { detectron2Name } = encoderFamily(checkpoint.config.arch);
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
