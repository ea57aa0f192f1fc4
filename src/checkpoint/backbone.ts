import type { Config } from '../config/fields.ts';
import { UserError } from '../lib/errors.ts';
import { NO_CLASSES } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import { sizeOf } from '../lib/shape.ts';
import { adviseEncoder } from '../nn/encoders/advice.ts';
import type { EncoderAdvice } from '../nn/encoders/encoder.ts';
import { torchvisionNames } from '../nn/encoders/torchvisionNames.ts';
import { torchShape, toTorch, type ParameterSpec } from '../nn/params.ts';
import { describeState } from '../slotcon/model.ts';
import { createNetworks, PREFIX } from '../slotcon/networks.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { COUNT, inSinglePrecision } from './singlePrecision.ts';
import { checkTensors } from './stateDict.ts';
import { quoted } from './torch/zipEntries.ts';

/** Tensors of a file that is not a SlotCon checkpoint, possibly of an encoder trained elsewhere. */
export interface Backbone {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Tensors of a file that fit the encoder of a config. */
export interface BackboneMatch {
  /** Tensors by the encoder's names, which are those of torchvision and timm. None if no convolution of a block fits. */
  readonly matched: ReadonlyMap<string, StoredTensor>;
  /** Tensors that are initialized instead, with the reason. */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  /** Names in the file that the encoder lacks, such as a classifier's. */
  readonly unused: readonly string[];
  /** What the file holds, and settings that fit better, if there are any. */
  readonly advice: EncoderAdvice | undefined;
}

/** Prefixes of the network that is used where a file holds several: the moving average, as SlotCon's own `encoder_k`. */
const TEACHER = /encoder_k|teacher|momentum|target|(?:^|[._])ema[._]/;
/** Vectors, counts and shortcuts may fit by chance. */
const BLOCK_CONVOLUTION = /^layer\d\.\d+\.conv\d\.weight$/;

/** One tensor of the encoder. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Finds the encoder's tensors in a file and converts them to single precision. Throws a UserError `backbone/no-match` if none
 * fits and no other settings would help.
 */
export function matchBackbone({ tensors }: Backbone, config: Config): BackboneMatch {
  const places = placesOf(config);
  const found = encoderTensors(tensors);
  const missing = new Map<string, string>();
  const fitting = new Map<string, StoredTensor>();
  for (const { name, shape } of places) {
    const tensor = found.get(name)?.tensor;
    const why = tensor === undefined ? 'not in the file' : misfit(shape, tensor);
    if (tensor !== undefined && why === undefined) fitting.set(name, tensor);
    else if (why !== undefined) missing.set(name, why);
  }
  const matched = inSinglePrecision(fitting);
  for (const [name, { dtype }] of matched) {
    if (dtype === (name.endsWith(COUNT) ? 'I64' : 'F32')) continue;
    matched.delete(name);
    missing.set(name, `stored as ${dtype}, and floats are expected`);
  }
  // Files older than PyTorch 0.4.1 have no counts, and without one it starts at 0.
  for (const { name } of places) if (name.endsWith(COUNT)) missing.delete(name);

  const used = new Set(places.map(({ name }) => found.get(name)?.fileName));
  const names = new Set(places.map(({ name }) => name));
  const isWhole = missing.size === 0 && ![...found.keys()].some((name) => !names.has(name) && name.startsWith('layer'));
  return usable({
    matched,
    missing: [...missing].map(([name, why]) => ({ name, why })),
    unused: [...tensors.keys()].filter((name) => !used.has(name)),
    advice: isWhole ? undefined : adviseEncoder(config, tensors.keys(), (name) => found.get(name)?.tensor.shape),
  });
}

/** Drops what fits by chance. Throws if nothing else fits and nothing helps. */
function usable(match: BackboneMatch): BackboneMatch {
  const { matched, missing, advice } = match;
  if ([...matched.keys()].some((name) => BLOCK_CONVOLUTION.test(name))) return match;
  const byChance = [...matched.keys()].filter((name) => !name.endsWith(COUNT));
  const none = {
    ...match,
    matched: new Map(),
    missing: [...missing, ...byChance.map((name) => ({ name, why: 'no convolution around it fits' }))],
  };
  if (advice?.settings === undefined) throw noMatch(none);
  return none;
}

/**
 * Checkpoint of step 0 with both encoders from the file; heads and prototypes are initialized. Throws if nothing fits, or if a
 * value isn't finite.
 */
export function startFromBackbone(match: BackboneMatch, config: Config): Checkpoint {
  if (match.matched.size === 0) throw noMatch(match);
  const tensors = freshTensors(config);
  for (const prefix of [PREFIX.student.encoder, PREFIX.teacher.encoder]) {
    for (const [name, tensor] of match.matched) tensors.set(`${prefix}.${name}`, tensor);
  }
  checkTensors(config, tensors);
  return {
    config,
    tensors,
    position: { step: 0, epoch: 0, batch: 0 },
    datasetFingerprint: '',
    datasetName: '',
    imageCount: 0,
    classes: NO_CLASSES,
    kernels: '',
  };
}

/** Tensors of a run before its first step, as `createModel` initializes them. */
function freshTensors(config: Config): Map<string, StoredTensor> {
  const random = createRandom(config.seed);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of describeState(config)) {
    const { name, shape, layout } = entry;
    const data = toTorch(layout, shape, entry.initial(random));
    tensors.set(name, { dtype: 'F32', shape: torchShape(layout, shape), data });
    const norm = /^(.*)\.running_mean$/.exec(name)?.[1];
    if (norm !== undefined) tensors.set(norm + COUNT, { dtype: 'I64', shape: [], data: BigInt64Array.of(0n) });
  }
  return tensors;
}

function placesOf(config: Config): Place[] {
  const { parameters, norms } = createNetworks(config).encoder.spec;
  const place = ({ name, layout, shape }: ParameterSpec): Place => ({ name, shape: torchShape(layout, shape) });
  return [
    ...parameters.map(place),
    ...norms.flatMap(({ name, channels }): Place[] => [
      { name: `${name}.running_mean`, shape: [channels] },
      { name: `${name}.running_var`, shape: [channels] },
      { name: name + COUNT, shape: [] },
    ]),
  ];
}

interface FileTensor {
  readonly fileName: string;
  readonly tensor: StoredTensor;
}

/**
 * Tensors of the file's encoder by torchvision's names. The encoder is what most names share a prefix of; ties go to the
 * teacher's, then to the shortest.
 */
function encoderTensors(tensors: Backbone['tensors']): Map<string, FileTensor> {
  const spelled = torchvisionNames(tensors.keys());
  const hits = new Map<string, number>();
  for (const { prefix } of spelled.values()) hits.set(prefix, (hits.get(prefix) ?? 0) + 1);
  const isTeacher = (prefix: string): number => (TEACHER.test(prefix) ? 1 : 0);
  const ranked = [...hits].sort(
    ([a, hitsA], [b, hitsB]) => hitsB - hitsA || isTeacher(b) - isTeacher(a) || a.length - b.length,
  );
  const chosen = ranked.at(0)?.[0];
  const found = new Map<string, FileTensor>();
  for (const [fileName, tensor] of tensors) {
    const { prefix, name } = spelled.get(fileName) ?? {};
    if (prefix !== undefined && prefix === chosen && name !== undefined) found.set(name, { fileName, tensor });
  }
  return found;
}

/** Reason why a tensor doesn't fit, if any. Counts may be scalars or of shape [1]. */
function misfit(shape: readonly number[], found: StoredTensor): string | undefined {
  const [here, there] = [shape, found.shape].map((one) => one.join('×') || 'a scalar');
  return here === there || (shape.length === 0 && sizeOf(found.shape) === 1)
    ? undefined
    : `${there} in the file, ${here} expected`;
}

/** The error for a file of no use with some settings. `remedy` says what would help, in the terms of the caller. */
export function noMatch(
  { missing, unused, advice }: BackboneMatch,
  remedy = advice?.sentence ??
    'Take a ResNet with the names of torchvision or timm, or other settings for the encoder.',
): UserError {
  const first = missing.find(({ why }) => why !== 'not in the file') ?? missing[0];
  const some = unused.filter((name) => !name.endsWith(COUNT)).slice(0, 3);
  const others = unused.length === 0 ? 'no others' : `${unused.length} others, such as ${some.map(quoted).join(', ')}`;
  return new UserError(
    'backbone/no-match',
    `No convolution of the encoder's blocks is in the file: "${first.name}" is ${first.why}. Of tensors without a place here it holds ${others}. ${remedy}`,
  );
}
