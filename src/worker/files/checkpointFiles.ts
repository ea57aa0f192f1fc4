import { checkpointChunks, type Checkpoint } from '../../checkpoint/checkpoint.ts';
import { CHECKPOINT_FORMAT, EXPORT_FORMATS, type ExportFormat } from '../../checkpoint/formats.ts';
import type { Config } from '../../config/fields.ts';
import { blobOf } from './blobOf.ts';
import type { FileFormat } from '../contracts.ts';

/** The formats that a run with these settings can be saved in. */
export function fileFormats(config: Config): readonly FileFormat[] {
  return EXPORT_FORMATS.map(({ id, label, purpose, size }) => ({ id, label, purpose, size: size(config) }));
}

export interface WrittenFile {
  readonly fileName: string;
  readonly source: Blob;
}

/** Writes a checkpoint in our own format: synchronous, so that autosaves stay in the order of events. */
export function writeCheckpointFile(checkpoint: Checkpoint): WrittenFile {
  return { fileName: CHECKPOINT_FORMAT.fileName(checkpoint), source: blobOf(checkpointChunks(checkpoint)) };
}

export async function exportFile(checkpoint: Checkpoint, id: string): Promise<WrittenFile> {
  const format: ExportFormat | undefined = EXPORT_FORMATS.find((one) => one.id === id);
  if (!format) throw new Error(`no format "${id}"`);
  return { fileName: format.fileName(checkpoint), source: blobOf(await format.write(checkpoint)) };
}
