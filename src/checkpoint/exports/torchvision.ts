import type { Checkpoint } from '../checkpoint.ts';
import { safetensorsChunks } from '../safetensors/writeSafetensors.ts';
import { provenance, teacherEncoder } from './teacher.ts';

/** Writes the teacher's encoder as `.safetensors` with torchvision's names, which timm also reads. */
export function writeTorchvision(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  // Hugging Face libraries require "pt" for tensors in PyTorch's layout.
  return safetensorsChunks(teacherEncoder(checkpoint), { format: 'pt', ...provenance(checkpoint) });
}
