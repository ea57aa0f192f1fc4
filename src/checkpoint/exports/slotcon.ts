import type { Checkpoint } from '../checkpoint.ts';
import { toPublished } from '../published/published.ts';
import { writeTorchFile } from '../torch/torchFile.ts';

/** A checkpoint of the published code, to resume there with `--resume`. */
export function writeSlotCon(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  return writeTorchFile(toPublished(checkpoint));
}
