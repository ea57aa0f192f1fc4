import type { Checkpoint } from '../checkpoint.ts';
import { pyDict } from '../pickle/pickleValue.ts';
import { writeTorchFile } from '../torch/torchFile.ts';
import { teacherEncoder } from './teacher.ts';

/** The teacher's encoder as the published `convert_pretrain_to_mm.py` writes it: torchvision's names in a `state_dict`. */
export function writeMmseg(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  return writeTorchFile(pyDict({ state_dict: teacherEncoder(checkpoint) }));
}
