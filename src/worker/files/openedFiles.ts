// Loaded with the first file, by `import()`: it holds the readers of all formats.
import { matchBackbone, startFromBackbone, type BackboneMatch } from '../../checkpoint/backbone.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { openCheckpointFile, type OpenedFile } from '../../checkpoint/openFile.ts';
import { startAnew } from '../../checkpoint/startAnew.ts';
import { checkTensors } from '../../checkpoint/stateDict.ts';
import type { Config } from '../../config/fields.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { EncoderReport } from '../contracts.ts';
import type { CheckpointContent, InputOf } from '../requests.ts';

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

/** The state that a run starts from. */
export interface RunOrigin {
  readonly checkpoint: Checkpoint;
  /** Differences from the run it was saved from, for the person. */
  readonly notes: readonly string[];
}

export function beginFrom(
  opened: OpenedFile,
  config: Config,
  images: { name: string; fingerprint: string },
  anew?: boolean,
): RunOrigin {
  // A new run was trained on none of these images: epochs are counted from 0.
  const onThese = (checkpoint: Checkpoint): Checkpoint => ({ ...checkpoint, datasetFingerprint: images.fingerprint });
  if (opened.kind === 'checkpoint' && anew) {
    const { checkpoint, match, tookHeads } = startAnew(opened.checkpoint, config);
    const took = tookHeads ? 'The networks and prototypes start' : 'The encoder starts';
    const rest = tookHeads ? '' : '; heads and prototypes, whose sizes differ, start fresh';
    const missing = match.missing.length === 0 ? '' : `, ${match.missing.length} tensors missing`;
    return { checkpoint: onThese(checkpoint), notes: [`${took} with the weights of a run${missing}${rest}.`] };
  }
  if (opened.kind === 'checkpoint') {
    const { datasetFingerprint, datasetName } = opened.checkpoint;
    const other = `The checkpoint was trained on "${datasetName}"; this run continues with "${images.name}".`;
    return { checkpoint: opened.checkpoint, notes: datasetFingerprint === images.fingerprint ? [] : [other] };
  }
  const match = matchBackbone(opened.backbone, config);
  const fresh =
    match.missing.length === 0 ? 'heads and prototypes' : `heads, prototypes and ${match.missing.length} tensors of it`;
  return {
    checkpoint: onThese(startFromBackbone(match, config)),
    notes: [`The encoder starts from a file, with ${match.matched.size} tensors of it; ${fresh} start fresh.`],
  };
}

/** Reads and validates a file. */
export async function inspectCheckpoint({ source, config }: InputOf<'readCheckpoint'>): Promise<CheckpointContent> {
  const opened = await openBlob(source);
  if (opened.kind === 'backbone') {
    return { kind: 'encoder', report: reportOf(matchBackbone(opened.backbone, config)) };
  }
  const { config: own, position, datasetFingerprint, classes, tensors } = opened.checkpoint;
  checkTensors(own, tensors);
  return { kind: 'checkpoint', config: own, step: position.step, datasetFingerprint, classes };
}

function reportOf({ matched, missing, unused, advice }: BackboneMatch): EncoderReport {
  return { matched: [...matched].map(([name, { shape }]) => ({ name, shape })), missing, unused, advice };
}
