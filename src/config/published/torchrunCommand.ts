import { FIELDS, FIELD_NAMES, type Config, type Field, type FieldName } from '../fields.ts';
import { DEFAULT_CONFIG } from '../defaults.ts';
import { inPublishedUnits, PUBLISHED_AS_INT, PUBLISHED_FLAGS } from './flags.ts';

/** GPUs of one machine, as in the published scripts. */
const MAX_PROCESSES = 8;

/**
 * Command that resumes a run in the published code (CVMI-Lab/SlotCon, main_pretrain.py). Every flag is given, as the
 * defaults there differ from those of its own scripts. `file` is the checkpoint as a `.pth`, `imageCount` the size of the
 * data set.
 */
export function torchrunCommand(config: Config, imageCount: number, file: string): string {
  const settings = inPublishedUnits(config, imageCount);
  const value = (field: FieldName): string =>
    String(PUBLISHED_AS_INT.has(field) ? Math.ceil(Number(settings[field])) : settings[field]);
  return [
    `torchrun --nproc_per_node=${processes(settings.batchSize)} main_pretrain.py`,
    '--dataset COCO --data-dir DIR',
    ...PUBLISHED_FLAGS.map(([flag, field]) => `${flag} ${value(field)}`),
    '--output-dir output',
    `--resume ${file}`,
  ].join(' \\\n  ');
}

/** Number of processes; divides the batch size. */
function processes(batchSize: number): number {
  let count = Math.min(MAX_PROCESSES, batchSize);
  while (batchSize % count !== 0) count--;
  return count;
}

/** Settings without a flag in the published code that differ from its behavior. */
export interface Unpublished {
  /** Settings that change the network or select an unknown choice: the file can't be loaded. */
  readonly network: readonly FieldName[];
  /** Settings that loading ignores: training continues with the published values. */
  readonly training: readonly FieldName[];
}

/** Finds settings without a flag that differ from the defaults, which are those of the published run. */
export function unpublishedSettings(config: Config): Unpublished {
  const flagged = new Set(PUBLISHED_FLAGS.map(([, field]) => field));
  const lost = FIELD_NAMES.filter(
    (name) => config[name] !== DEFAULT_CONFIG[name] && !flagged.has(name) && !IRRELEVANT.has(name),
  );
  const unknown = FIELD_NAMES.filter((name) => isUnknownChoice(FIELDS[name], config[name]));
  const ofNetwork = (name: FieldName): boolean => FIELDS[name].group === 'encoder';
  return { network: [...unknown, ...lost.filter(ofNetwork)], training: lost.filter((name) => !ofNetwork(name)) };
}

/** True for a choice that the published code doesn't have. */
function isUnknownChoice(field: Field, value: string | number | boolean): boolean {
  return field.type === 'choice' && field.referenceChoices?.includes(String(value)) === false;
}

const IRRELEVANT: ReadonlySet<FieldName> = new Set<FieldName>([
  // Expressed by other flags.
  ...(['steps', 'warmupSteps', 'scaleLearningRate'] as const),
  // Taken from the file: from its optimizer and its scheduler.
  ...(['trustCoefficient', 'minLearningRate', 'beta1', 'beta2', 'adamEpsilon'] as const),
  // Used before the first step only.
  'headInitStd',
  // The published code reads images at full size.
  'workingSize',
  ...FIELD_NAMES.filter((name) => FIELDS[name].group === 'display'),
]);
