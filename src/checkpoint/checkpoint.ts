import type { Config } from '../config/fields.ts';
import { configFromText, configToText } from '../config/checkpointText.ts';
import { UserError } from '../lib/errors.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { NO_CLASSES, type PrototypeClasses } from '../domain/classes.ts';
import { classesFromText, classesToText } from './classesText.ts';
import { readSafetensors } from './safetensors/readSafetensors.ts';
import type { Metadata, StoredTensor } from './safetensors/storedTensor.ts';
import { inSinglePrecision } from './singlePrecision.ts';
import { safetensorsChunks } from './safetensors/writeSafetensors.ts';

/** Incremented when earlier versions can no longer read the file. */
const FORMAT = 'slotcon-tab/1';

/** Position of a run. Randomness is a function of the seed and the position, so resuming needs no more. */
export interface Position {
  /** Number of steps done. */
  readonly step: number;
  /** Next step: number of complete epochs, and index of its batch, or of its batches together, in the present one. */
  readonly epoch: number;
  readonly batch: number;
}

export interface Checkpoint {
  readonly config: Config;
  readonly position: Position;
  /** Fingerprint of the images it was trained on; '' if unknown. */
  readonly datasetFingerprint: string;
  readonly datasetName: string;
  readonly imageCount: number;
  /** Prototypes that the user named and merged. */
  readonly classes: PrototypeClasses;
  /** Kernels that its last steps were computed with, as `Engine.kernels` tells them; '' if unknown. */
  readonly kernels: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Writes a `.safetensors` file: tensors by their published names, everything else as metadata strings. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  return joinChunks(checkpointChunks(checkpoint));
}

/** Like `writeCheckpoint`, in chunks that are views of the tensors. */
export function checkpointChunks(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  return safetensorsChunks(checkpoint.tensors, checkpointMetadata(checkpoint));
}

/** Returns everything but the tensors of a checkpoint, as strings; the inverse of `fromMetadata`. */
export function checkpointMetadata(checkpoint: Checkpoint): Record<string, string> {
  const { config, position, datasetFingerprint, datasetName, imageCount, classes, kernels } = checkpoint;
  return {
    ...configToText(config),
    format: FORMAT,
    step: String(position.step),
    cursor: `${position.epoch}/${position.batch}`,
    // Every stream is forked by purpose from the seed, so the generator has no other state.
    random: `seed ${config.seed}`,
    datasetFingerprint,
    datasetName,
    imageCount: String(imageCount),
    ...(kernels === '' ? {} : { kernels }),
    ...(classes.length > 0 ? { classes: classesToText(classes) } : {}),
  };
}

/** Reads and validates a whole file. Throws a UserError `checkpoint/…` that names the problem. */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const { metadata, tensors } = readSafetensors(bytes);
  return fromMetadata(metadata, tensors);
}

/**
 * Builds a checkpoint. Throws a UserError `checkpoint/…` that names a missing or invalid field. Converts tensors to
 * single precision and doesn't validate them.
 */
export function fromMetadata(metadata: Metadata, tensors: ReadonlyMap<string, StoredTensor>): Checkpoint {
  if (metadata.format !== FORMAT) {
    throw new UserError(
      'checkpoint/foreign',
      `The file says it is "${metadata.format ?? 'of no format'}", not "${FORMAT}". Choose a checkpoint that slotcon-tab saved.`,
    );
  }
  const cursor = /^(\d+)\/(\d+)$/.exec(metadata.cursor ?? '');
  if (!cursor) throw unreadable('cursor', metadata.cursor, 'epoch/batch');
  const config = configFromText(metadata);
  return {
    config,
    position: { step: wholeNumber(metadata, 'step'), epoch: Number(cursor[1]), batch: Number(cursor[2]) },
    datasetFingerprint: metadata.datasetFingerprint ?? '',
    datasetName: metadata.datasetName ?? '',
    imageCount: wholeNumber(metadata, 'imageCount'),
    classes: metadata.classes === undefined ? NO_CLASSES : classesFromText(metadata.classes, config.prototypes),
    kernels: metadata.kernels ?? '',
    tensors: inSinglePrecision(tensors),
  };
}

function wholeNumber(metadata: Metadata, field: string): number {
  const value = metadata[field];
  if (value === undefined || !/^\d{1,15}$/.test(value)) throw unreadable(field, value, 'a whole number');
  return Number(value);
}

function unreadable(field: string, value: string | undefined, expected: string): UserError {
  const found = value === undefined ? 'is missing' : `is "${value}"`;
  return new UserError(
    'checkpoint/metadata',
    `The checkpoint's field "${field}" ${found}; ${expected} is expected. The file is damaged or was edited: use another.`,
  );
}
