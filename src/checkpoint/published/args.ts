import { FIELDS, type Config, type FieldName } from '../../config/fields.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { inPublishedUnits, PUBLISHED_AS_INT, PUBLISHED_FLAGS } from '../../config/published/flags.ts';
import { UserError } from '../../lib/errors.ts';
import { guessEncoder } from '../../nn/encoders/encoders.ts';
import { PREFIX } from '../../slotcon/networks.ts';
import { checkpointMetadata, type Checkpoint } from '../checkpoint.ts';
import { PyFloat, pyDict, type PickleValue, type PyDict } from '../pickle/pickleValue.ts';
import { numberOf } from './entries.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';

/** Published flags by their argparse names: `--base-lr` is `args.base_lr`. */
const ARGUMENTS = PUBLISHED_FLAGS.map(([flag, field]) => [flag.slice(2).replaceAll('-', '_'), field] as const);

/** Entry of `args` that only slotcon-tab writes: checkpoint metadata that the published arguments can't express, as strings. */
export const OWN_ENTRY = 'slotcon_tab';

/**
 * Writes the `args` of a published file, which document the run; resuming uses the command line instead. `OWN_ENTRY` makes
 * the round trip exact.
 */
export function writeArgs(checkpoint: Checkpoint): PyDict {
  const { config, datasetName, imageCount } = checkpoint;
  const mirrored = inPublishedUnits(config, imageCount);
  return pyDict({
    dataset: datasetName,
    ...Object.fromEntries(ARGUMENTS.map(([argument, field]) => [argument, asPython(field, mirrored[field])])),
    world_size: 1,
    num_instances: imageCount,
    [OWN_ENTRY]: pyDict(checkpointMetadata(checkpoint)),
  });
}

function asPython(field: FieldName, value: Config[FieldName]): PickleValue {
  if (typeof value !== 'number') return value;
  const whole = FIELDS[field].type === 'integer' || (PUBLISHED_AS_INT.has(field) && Number.isInteger(value));
  return whole ? value : new PyFloat(value);
}

/**
 * Reads the settings of a published run. Where an argument is missing, the shapes of the tensors determine widths and
 * dimensions; other missing settings have their published values.
 */
export function readArgs(args: PyDict, tensors: ReadonlyMap<string, StoredTensor>): Config {
  const given: Record<string, unknown> = {};
  for (const [argument, field] of ARGUMENTS) {
    const value = args.get(argument);
    if (value !== undefined && value !== null) given[field] = fromPython(argument, value);
  }
  if (given.arch === undefined) throw badArgs('"arch" is missing, which names the encoder');
  // Each process divides the batch that the command line gave by their number.
  const processes = numberOf(args.get('world_size')) ?? 1;
  if (typeof given.batchSize === 'number') given.batchSize *= processes;
  return settings(DEFAULT_CONFIG, { ...shapesOf(tensors), ...given });
}

/** Returns `base` with the settings of a file. Values out of range throw `checkpoint/args`, an error of the file. */
export function settings(base: Config, found: Partial<Config>): Config {
  try {
    return makeConfig(base, found);
  } catch (error) {
    throw error instanceof UserError ? badArgs(error.message.replace(/\.$/, '')) : error;
  }
}

function fromPython(argument: string, value: PickleValue): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw badArgs(`"${argument}" is no text and no number`);
  return number;
}

/** Settings that follow from the shapes of tensors, as far as these exist. */
function shapesOf(tensors: ReadonlyMap<string, StoredTensor>): Partial<Config> {
  const size = (name: string, axis: number): number | undefined => tensors.get(name)?.shape[axis];
  const found = {
    width: guessEncoder((name) => tensors.get(`${PREFIX.student.encoder}.${name}`)?.shape)?.width,
    hiddenDim: size('projector_q.mlp.0.weight', 0),
    outDim: size('grouping_q.slot_embed.weight', 1),
    prototypes: size('grouping_q.slot_embed.weight', 0),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const badArgs = (problem: string): UserError =>
  new UserError(
    'checkpoint/args',
    `The settings in the file can't be used: ${problem}. Choose a checkpoint of one of the published encoders, saved with its args.`,
  );
