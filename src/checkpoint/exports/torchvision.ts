import type { Checkpoint } from '../checkpoint.ts';
import { safetensorsChunks } from '../safetensors/writeSafetensors.ts';
import { provenance, teacherEncoder } from './teacher.ts';

/** The teacher's encoder as `.safetensors` with torchvision's names, which timm reads, too. */
export function writeTorchvision(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  // "pt" is what the readers of the Hugging Face libraries expect of tensors in PyTorch's layout.
  return safetensorsChunks(teacherEncoder(checkpoint), { format: 'pt', ...provenance(checkpoint) });
}
