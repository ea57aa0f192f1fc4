import { matchBackbone, startFromBackbone, type BackboneMatch } from '../checkpoint/backbone.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../checkpoint/formats.ts';
import { openCheckpointFile, type OpenedFile } from '../checkpoint/openFile.ts';
import { checkTensors } from '../checkpoint/stateDict.ts';
import type { Config } from '../config/fields.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import { blobOf } from './blobOf.ts';
import { reportError, type Message, type Post } from './post.ts';
import type { EncoderReport, FileFormat } from './protocol.ts';

/** What a run with these settings can be saved as. */
export function fileFormats(config: Config): readonly FileFormat[] {
  return EXPORT_FORMATS.map(({ id, label, purpose, size }) => ({ id, label, purpose, size: size(config) }));
}

export interface WrittenFile {
  readonly fileName: string;
  readonly source: Blob;
}

export function writeFile(checkpoint: Checkpoint, id: string): WrittenFile {
  const format: ExportFormat | undefined = EXPORT_FORMATS.find((one) => one.id === id);
  if (!format) throw new Error(`no format "${id}"`);
  return { fileName: format.fileName(checkpoint), source: blobOf(format.write(checkpoint)) };
}

export async function openBlob(source: Blob): Promise<OpenedFile> {
  let bytes: ArrayBuffer;
  try {
    bytes = await source.arrayBuffer();
  } catch (thrown) {
    throw new UserError(
      'checkpoint/unreadable',
      `The file can't be read (${errorMessage(thrown)}). It may have been moved or changed: load it again.`,
    );
  }
  return openCheckpointFile(new Uint8Array(bytes));
}

/** What a run starts from. */
export interface Beginning {
  readonly checkpoint: Checkpoint;
  /** For the person: what is unlike the run it was saved from. */
  readonly notes: readonly string[];
}

export function beginFrom(
  opened: OpenedFile,
  config: Config,
  images: { name: string; fingerprint: string },
): Beginning {
  if (opened.kind === 'checkpoint') {
    const { datasetFingerprint, datasetName } = opened.checkpoint;
    const other = `The checkpoint was trained on "${datasetName}"; this run goes on with "${images.name}".`;
    return { checkpoint: opened.checkpoint, notes: datasetFingerprint === images.fingerprint ? [] : [other] };
  }
  const match = matchBackbone(opened.backbone, config);
  // These images are its first: the passes over them are counted from 0.
  const checkpoint = { ...startFromBackbone(match, config), datasetFingerprint: images.fingerprint };
  const fresh =
    match.missing.length === 0 ? 'heads and prototypes' : `heads, prototypes and ${match.missing.length} tensors of it`;
  return {
    checkpoint,
    notes: [`The encoder starts from a file, with ${match.matched.size} tensors of it; ${fresh} start fresh.`],
  };
}

/** Reads and checks a file, and tells what it is. */
export async function inspectCheckpoint(post: Post, message: Message<'readCheckpoint'>): Promise<void> {
  const { requestId, name, source, config } = message;
  try {
    const opened = await openBlob(source);
    if (opened.kind === 'backbone') {
      post({ type: 'encoderRead', requestId, name, report: reportOf(matchBackbone(opened.backbone, config)) });
      return;
    }
    const { config: own, position, datasetFingerprint, classes, tensors } = opened.checkpoint;
    checkTensors(own, tensors);
    post({ type: 'checkpointRead', requestId, name, config: own, step: position.step, datasetFingerprint, classes });
  } catch (error) {
    reportError(post, error, { requestId });
  }
}

function reportOf({ matched, missing, unused, advice }: BackboneMatch): EncoderReport {
  return { matched: [...matched].map(([name, { shape }]) => ({ name, shape })), missing, unused, advice };
}
