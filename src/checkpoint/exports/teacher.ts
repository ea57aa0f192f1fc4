import { UserError } from '../../lib/errors.ts';
import { createNetworks, PREFIX } from '../../slotcon/networks.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { publishedKeys } from '../published/names.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';

export type Float32Tensor = Extract<StoredTensor, { dtype: 'F32' }>;

const ENCODER = `${PREFIX.teacher.encoder}.`;

/**
 * Tensors of the teacher's encoder by torchvision's names, in the order of a PyTorch `state_dict`. The published transfer
 * scripts use the teacher as well.
 */
export function teacherEncoder({ config, tensors }: Checkpoint): Map<string, StoredTensor> {
  const names = publishedKeys(createNetworks(config)).filter((name) => name.startsWith(ENCODER));
  return new Map(names.map((name) => [name.slice(ENCODER.length), tensorOf(tensors, name)]));
}

/** Returns a required tensor of 32-bit floats. */
export function floatsOf(tensors: Checkpoint['tensors'], name: string): Float32Tensor {
  const tensor = tensorOf(tensors, name);
  if (tensor.dtype === 'F32') return tensor;
  throw new UserError('checkpoint/dtype', `The tensor "${name}" is stored as ${tensor.dtype}; F32 is expected.`);
}

/** Metadata of an exported model: architecture and step. */
export function provenance({ config, position }: Checkpoint): Record<string, string> {
  const { arch, width, stages, blocksPerStage, outputStride } = config;
  const shape = { arch, width, stages, blocksPerStage, outputStride, step: position.step };
  return Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, String(value)]));
}

function tensorOf(tensors: Checkpoint['tensors'], name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new UserError(
    'checkpoint/missing-tensor',
    `The checkpoint has no tensor "${name}", so there is no whole model to export. Use an undamaged checkpoint.`,
  );
}
