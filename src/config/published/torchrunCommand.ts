import { FIELDS, FIELD_NAMES, type Config, type FieldName } from '../fields.ts';
import { DEFAULT_CONFIG } from '../defaults.ts';
import { inPublishedUnits, PUBLISHED_AS_INT, PUBLISHED_FLAGS } from './flags.ts';

/** GPUs of one common machine, which the published scripts use too. */
const MOST_PROCESSES = 8;

/**
 * What continues a run in the published code (CVMI-Lab/SlotCon, main_pretrain.py): every flag is given, since its
 * defaults are not those of its own scripts. `file` is the checkpoint as a `.pth`, `imageCount` what the run is trained on.
 */
export function torchrunCommand(config: Config, imageCount: number, file: string): string {
  const settings = inPublishedUnits(config, imageCount);
  const value = (field: FieldName): string =>
    String(PUBLISHED_AS_INT.has(field) ? Math.ceil(Number(settings[field])) : settings[field]);
  return [
    `torchrun --nproc_per_node=${processes(config.batchSize)} main_pretrain.py`,
    '--dataset COCO --data-dir DIR',
    ...PUBLISHED_FLAGS.map(([flag, field]) => `${flag} ${value(field)}`),
    '--output-dir output',
    `--resume ${file}`,
  ].join(' \\\n  ');
}

/** Each process takes an equal part of the batch. */
function processes(batchSize: number): number {
  let count = Math.min(MOST_PROCESSES, batchSize);
  while (batchSize % count !== 0) count--;
  return count;
}

/** Settings of a run that the published code has no flag for, where they differ from what it does. */
export interface Unpublished {
  /** Without these its network has other shapes, and it can't load the file. */
  readonly network: readonly FieldName[];
  /** It loads the file and trains on with its own values. */
  readonly training: readonly FieldName[];
}

/** The defaults are the published run's: what differs from them and has no flag is lost. */
export function unpublishedSettings(config: Config): Unpublished {
  const flagged = new Set(PUBLISHED_FLAGS.map(([, field]) => field));
  const lost = FIELD_NAMES.filter(
    (name) => config[name] !== DEFAULT_CONFIG[name] && !flagged.has(name) && !MAKES_NO_DIFFERENCE.has(name),
  );
  const ofNetwork = (name: FieldName): boolean => FIELDS[name].group === 'encoder';
  return { network: lost.filter(ofNetwork), training: lost.filter((name) => !ofNetwork(name)) };
}

const MAKES_NO_DIFFERENCE: ReadonlySet<FieldName> = new Set<FieldName>([
  // Expressed by other flags.
  ...(['steps', 'warmupSteps', 'scaleLearningRate'] as const),
  // Taken from the file: from its optimizer and its scheduler.
  ...(['trustCoefficient', 'minLearningRate'] as const),
  // Spent before the first step.
  'headInitStd',
  // It reads images at their full size.
  'workingSize',
  ...FIELD_NAMES.filter((name) => FIELDS[name].group === 'display'),
]);
