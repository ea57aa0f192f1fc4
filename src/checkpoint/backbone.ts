import type { Config } from '../config/fields.ts';
import { UserError } from '../lib/errors.ts';
import { NO_CLASSES } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import { torchShape, toTorch, type ParameterSpec } from '../nn/params.ts';
import { describeState } from '../slotcon/model.ts';
import { createNetworks, PREFIX } from '../slotcon/networks.ts';
import { guessEncoder } from '../nn/encoders/encoders.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { checkTensors } from './stateDict.ts';
import { quoted } from './torch/zipEntries.ts';

/** Tensors of a file that is not a SlotCon checkpoint, possibly of an encoder trained elsewhere. */
export interface Backbone {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Tensors of a file that fit the encoder of a config. */
export interface BackboneMatch {
  /** Tensors by the encoder's names, which are those of torchvision and timm. */
  readonly matched: ReadonlyMap<string, StoredTensor>;
  /** Tensors that are initialized instead, with the reason. */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  /** Names in the file that the encoder lacks, such as a classifier's. */
  readonly unused: readonly string[];
  /** A sentence for the user if other settings fit better. */
  readonly advice: string | undefined;
}

/** Prefixes that trainers and frameworks put before an encoder's names. */
const WRAPPING = /^(?:(?:module|model|backbone|encoder|encoder_[kq])\.)*/;
const COUNT = '.num_batches_tracked';

/** One tensor of the encoder. Counts are optional: files older than PyTorch 0.4.1 lack them. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F32' | 'I64';
}

/** Finds the encoder's tensors in a file. Throws a UserError `backbone/…` if there are none, or if they aren't in single precision. */
export function matchBackbone({ tensors }: Backbone, config: Config): BackboneMatch {
  const places = placesOf(config);
  const prefix = prefixOf(tensors, places);
  const matched = new Map<string, StoredTensor>();
  const missing: { name: string; why: string }[] = [];
  for (const place of places) {
    const found = tensors.get(prefix + place.name);
    const why = found === undefined ? 'not in the file' : misfit(place, found);
    if (found !== undefined && why === undefined) matched.set(place.name, found);
    else if (why !== undefined && place.dtype === 'F32') missing.push({ name: place.name, why });
  }
  const known = new Set(places.map(({ name }) => prefix + name));
  const unused = [...tensors.keys()].filter((name) => !known.has(name));
  const fits = missing.length === 0 && !unused.some((name) => name.startsWith(`${prefix}layer`));
  const advice = fits ? undefined : adviceFor(config, tensors, prefix);
  // Vectors and counts may fit by chance.
  if (![...matched.values()].some(({ shape }) => shape.length === 4)) throw noMatch(tensors, missing, advice);
  return { matched, missing, unused, advice };
}

/** Checkpoint of step 0 with both encoders from the file; heads and prototypes are initialized. Throws if a value isn't finite. */
export function startFromBackbone({ matched }: BackboneMatch, config: Config): Checkpoint {
  const tensors = freshTensors(config);
  for (const prefix of [PREFIX.student.encoder, PREFIX.teacher.encoder]) {
    for (const [name, tensor] of matched) tensors.set(`${prefix}.${name}`, tensor);
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
  const place = ({ name, layout, shape }: ParameterSpec): Place => ({
    name,
    shape: torchShape(layout, shape),
    dtype: 'F32',
  });
  return [
    ...parameters.map(place),
    ...norms.flatMap(({ name, channels }): Place[] => [
      { name: `${name}.running_mean`, shape: [channels], dtype: 'F32' },
      { name: `${name}.running_var`, shape: [channels], dtype: 'F32' },
      { name: name + COUNT, shape: [], dtype: 'I64' },
    ]),
  ];
}

/** Prefix that matches the most tensors of the encoder; ties go to the teacher's, then to the shortest. */
function prefixOf(tensors: Backbone['tensors'], places: readonly Place[]): string {
  const names = new Set(places.map(({ name }) => name));
  const found = new Map<string, number>();
  for (const name of tensors.keys()) {
    const prefix = WRAPPING.exec(name)?.[0] ?? '';
    if (names.has(name.slice(prefix.length))) found.set(prefix, (found.get(prefix) ?? 0) + 1);
  }
  const teacher = (prefix: string): number => (prefix.endsWith('encoder_k.') ? 1 : 0);
  const ranked = [...found].sort(
    ([a, hitsA], [b, hitsB]) => hitsB - hitsA || teacher(b) - teacher(a) || a.length - b.length,
  );
  return ranked[0]?.[0] ?? '';
}

/** Reason why a tensor doesn't fit, if any. Throws for half precision, which ends the whole import. */
function misfit({ name, shape, dtype }: Place, found: StoredTensor): string | undefined {
  if (found.dtype !== dtype) {
    throw new UserError(
      'backbone/dtype',
      `The file stores "${name}" as ${found.dtype}, but ${dtype} is expected. Convert the model with .float() in PyTorch and save it anew.`,
    );
  }
  const [here, there] = [shape, found.shape].map((one) => one.join('×') || 'a scalar');
  return here === there ? undefined : `${there} in the file, ${here} expected`;
}

function adviceFor(config: Config, tensors: Backbone['tensors'], prefix: string): string | undefined {
  const guess = guessEncoder((name) => tensors.get(prefix + name)?.shape);
  if (guess === undefined) return undefined;
  if (guess.arch === undefined) {
    return `The file looks like ${guess.description}.`;
  }
  if (config.arch.replace('_16s', '') === guess.arch && config.width === guess.width) return undefined;
  return `The file looks like ${guess.description}: set arch=${guess.arch} width=${guess.width}.`;
}

function noMatch(
  tensors: Backbone['tensors'],
  missing: BackboneMatch['missing'],
  advice: string | undefined,
): UserError {
  const first = missing.find(({ why }) => why !== 'not in the file') ?? missing[0];
  const weights = [...tensors].filter(([, { dtype }]) => dtype !== 'I64').map(([name]) => name);
  const some = weights.slice(0, 3).map(quoted);
  const held = tensors.size === 0 ? 'no tensor' : `${tensors.size} tensors, such as ${some.join(', ')}`;
  return new UserError(
    'backbone/no-match',
    `The file holds ${held}, and no convolution of the encoder: "${first.name}" is ${first.why}. ` +
      (advice ?? 'Take a ResNet with the names of torchvision or timm, or other settings for the encoder.'),
  );
}
