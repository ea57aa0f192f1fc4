import type { Checkpoint } from '../checkpoint.ts';
import { pyDict } from '../pickle/pickleValue.ts';
import { writeTorchFile } from '../torch/torchFile.ts';
import { teacherEncoder } from './teacher.ts';

/** Writes the teacher's encoder like the published `convert_pretrain_to_mm.py`: torchvision's names in a `state_dict`. */
export function writeMmseg(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  return writeTorchFile(pyDict({ state_dict: teacherEncoder(checkpoint) }));
}
