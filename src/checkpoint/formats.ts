import type { Config } from '../config/fields.ts';
import { sizeOf } from '../lib/shape.ts';
import { describeState } from '../slotcon/model.ts';
import { PREFIX } from '../slotcon/networks.ts';
import { checkpointChunks, type Checkpoint } from './checkpoint.ts';

const ENCODER = `${PREFIX.teacher.encoder}.`;
const PROJECTOR = `${PREFIX.teacher.projector}.`;
const PROTOTYPES = `${PREFIX.teacher.grouping}.`;

/** A file format that checkpoints are exported to. */
export interface ExportFormat {
  /** For the command line and messages. */
  readonly id: string;
  readonly label: string;
  /** One line on the use of the file. */
  readonly purpose: string;
  fileName(checkpoint: Checkpoint): string;
  /** Approximate size in bytes for a model of this config. */
  size(config: Config): number;
  /**
   * Writes the file in chunks, which may be views of the tensors. Rejects with a UserError if the checkpoint is incomplete.
   * The code is loaded with the first file of its kind.
   */
  write(checkpoint: Checkpoint): Promise<Iterable<Uint8Array<ArrayBuffer>>>;
}

/** Our own format, as `checkpointChunks` writes it. */
export const CHECKPOINT_FORMAT = {
  id: 'safetensors',
  label: 'Checkpoint',
  purpose: 'Continue here exactly where the run stood: student, teacher, optimizer and settings.',
  ...named('.safetensors'),
  size: (config) => bytesUnder(config, ''),
  write: async (checkpoint) => checkpointChunks(checkpoint),
} as const satisfies ExportFormat;

/** All formats: menus, `npm run export` and its usage derive from this list. */
export const EXPORT_FORMATS = [
  CHECKPOINT_FORMAT,
  {
    id: 'slotcon-pth',
    label: 'SlotCon for PyTorch',
    purpose: 'Continue on GPUs with the published code: its own checkpoint, optimizer and all.',
    ...named('.pth'),
    size: (config) => bytesUnder(config, ''),
    write: async (checkpoint) => (await import('./exports/slotcon.ts')).writeSlotCon(checkpoint),
  },
  {
    id: 'torchvision',
    label: 'Encoder for timm and torchvision',
    purpose: 'The teacher’s ResNet under torchvision’s names, as .safetensors.',
    ...named('-encoder.safetensors'),
    size: (config) => bytesUnder(config, ENCODER),
    write: async (checkpoint) => (await import('./exports/torchvision.ts')).writeTorchvision(checkpoint),
  },
  {
    id: 'detectron2',
    label: 'Encoder for detectron2',
    purpose: 'Object detection: MODEL.WEIGHTS of a detectron2 config.',
    ...named('-detectron2.pkl'),
    // Protocol 2 has no bytes type: they are written as text, in which half of them take two bytes.
    size: (config) => 1.5 * bytesUnder(config, ENCODER),
    write: async (checkpoint) => (await import('./exports/detectron2.ts')).writeDetectron2(checkpoint),
  },
  {
    id: 'mmseg',
    label: 'Encoder for mmsegmentation',
    purpose: 'Segmentation: the pretrained backbone of an mmsegmentation config, as .pth.',
    ...named('-mmseg.pth'),
    size: (config) => bytesUnder(config, ENCODER),
    write: async (checkpoint) => (await import('./exports/mmseg.ts')).writeMmseg(checkpoint),
  },
  {
    id: 'onnx-encoder',
    label: 'Encoder as ONNX',
    purpose: 'Image to feature map in any ONNX runtime, at any size.',
    ...named('-encoder.onnx'),
    size: (config) => bytesUnder(config, ENCODER),
    write: async (checkpoint) => (await import('./exports/onnx.ts')).writeOnnxEncoder(checkpoint),
  },
  {
    id: 'onnx-slots',
    label: 'Slots as ONNX',
    purpose: 'Image to slot assignment in any ONNX runtime, at any size.',
    ...named('-slots.onnx'),
    size: (config) => bytesUnder(config, ENCODER, PROJECTOR, PROTOTYPES),
    write: async (checkpoint) => (await import('./exports/onnx.ts')).writeOnnxSlots(checkpoint),
  },
  {
    id: 'prototypes-npy',
    label: 'Prototypes for NumPy',
    purpose: 'The teacher’s prototypes as an array, a row each.',
    ...named('-prototypes.npy'),
    size: (config) => bytesUnder(config, PROTOTYPES),
    write: async (checkpoint) => (await import('./exports/npy.ts')).writePrototypes(checkpoint),
  },
] as const satisfies readonly ExportFormat[];

function named(ending: string): Pick<ExportFormat, 'fileName'> {
  return { fileName: ({ position }) => `slotcon-step${position.step}${ending}` };
}

/** Size of the tensors whose names begin with one of the prefixes. */
function bytesUnder(config: Config, ...prefixes: readonly string[]): number {
  return describeState(config)
    .filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)))
    .reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
}
