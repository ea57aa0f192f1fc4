/**
 * Schema of all settings. The form, `--set`, validation, presets and checkpoint metadata are derived from it.
 * Defaults are the published COCO run's (Wen et al. 2022; reference flag in `reference`).
 */
export type FieldGroup = 'run' | 'encoder' | 'heads' | 'loss' | 'optimizer' | 'augmentation' | 'display';

/** Titles of the groups, in display order. */
export const GROUP_TITLES: Readonly<Record<FieldGroup, string>> = {
  run: 'Run',
  encoder: 'Encoder',
  heads: 'Heads and prototypes',
  loss: 'Loss',
  optimizer: 'Optimizer',
  augmentation: 'Augmentation',
  display: 'Display and saving',
};

interface FieldBase {
  readonly group: FieldGroup;
  readonly label: string;
  readonly help: string;
  /** Symbol in the paper. */
  readonly symbol?: string;
  /** Command-line flag of the published code. */
  readonly reference?: string;
  /** Newer than the first checkpoints, which were trained as its default does: a file may lack it. */
  readonly addedLater?: true;
}

export interface NumberField extends FieldBase {
  readonly type: 'number' | 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}

export interface ChoiceField<Choice extends string = string> extends FieldBase {
  readonly type: 'choice';
  readonly default: Choice;
  readonly choices: readonly Choice[];
  /** Choices that the published code has, if not all. */
  readonly referenceChoices?: readonly Choice[];
}

export interface BooleanField extends FieldBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

export type Field = NumberField | ChoiceField | BooleanField;

// oxfmt-ignore
const number = (group: FieldGroup, value: number, min: number, max: number, label: string, help: string, more: Partial<NumberField> = {}): NumberField => ({ type: 'number', group, default: value, min, max, label, help, ...more });
const integer: typeof number = (...args) => ({ ...number(...args), type: 'integer' });
// oxfmt-ignore
const choice = <const Choice extends string>(group: FieldGroup, value: Choice, choices: readonly Choice[], label: string, help: string, more: Partial<Omit<ChoiceField<NoInfer<Choice>>, 'choices'>> = {}): ChoiceField<Choice> => ({ type: 'choice', group, default: value, choices, label, help, ...more });
// oxfmt-ignore
const boolean = (group: FieldGroup, value: boolean, label: string, help: string): BooleanField => ({ type: 'boolean', group, default: value, label, help });

// One setting per line: a table, which the formatter would break up.
// oxfmt-ignore
export const FIELDS = {
  // Run
  steps: integer('run', 0, 0, 10_000_000, 'Steps', 'Optimizer steps of the whole run; 0 derives them from the epochs.', { unit: 'steps' }),
  epochs: number('run', 800, 1, 100_000, 'Epochs', 'Passes over the images; used when steps is 0.', { unit: 'epochs', reference: '--epochs' }),
  batchSize: integer('run', 512, 1, 4096, 'Batch size', 'Images of a batch; each gives two views.', { unit: 'images', symbol: 'B', reference: '--batch-size' }),
  accumulate: integer('run', 1, 1, 64, 'Accumulate', 'Batches of a step: their gradients are added up, as a mean, before the optimizer runs. For cards too small for a larger batch, but not the same as one: BatchNorm, the center and the slot loss see one batch at a time, as when the published code is looped.', { unit: 'batches', addedLater: true }),
  seed: integer('run', 0, 0, 2 ** 31 - 1, 'Seed', 'The same seed on the same adapter gives the same run.', { reference: '--seed' }),
  workingSize: integer('run', 256, 16, 4096, 'Working resolution', 'Images are stored with their shorter side at most this long.', { unit: 'px' }),
  // Encoder
  arch: choice('encoder', 'resnet50', ['resnet18', 'resnet34', 'resnet50', 'resnet18_16s', 'resnet34_16s', 'resnet50_16s'], 'Encoder', 'ResNet depth; _16s keeps stride 16 with a dilated last stage.', { reference: '--arch' }),
  width: number('encoder', 1, 1 / 64, 4, 'Width', 'Multiplies the channels of every stage (1 = 64 base channels).', { unit: '×' }),
  stages: integer('encoder', 4, 1, 4, 'Stages', 'Number of ResNet stages to keep, of four.', { unit: 'stages' }),
  blocksPerStage: integer('encoder', 0, 0, 36, 'Blocks per stage', 'Residual blocks per stage; 0 uses those of the architecture.', { unit: 'blocks' }),
  outputStride: integer('encoder', 32, 4, 32, 'Output stride', 'A stage that would go beyond this stride keeps stride 1 (4, 8, 16 or 32).', { unit: 'px per cell' }),
  // Heads and prototypes
  hiddenDim: integer('heads', 4096, 1, 16384, 'Hidden width', 'Hidden units of projector and predictor.', { unit: 'units', reference: '--dim-hidden' }),
  outDim: integer('heads', 256, 1, 4096, 'Projection width', 'Channels of the projections, the prototypes and the slots.', { unit: 'channels', symbol: 'D', reference: '--dim-out' }),
  prototypes: integer('heads', 256, 2, 4096, 'Prototypes', 'Number of prototypes that pixels are assigned to.', { unit: 'prototypes', symbol: 'K', reference: '--num-prototypes' }),
  headInitStd: number('heads', 0.02, 1e-4, 1, 'Head init', 'Standard deviation of the initial projector and predictor weights.', { unit: 'std' }),
  // Loss
  teacherTemp: number('loss', 0.07, 0.001, 1, 'Teacher temperature', 'Sharpens the teacher and both assignments.', { symbol: 'τ_t', reference: '--teacher-temp' }),
  studentTemp: number('loss', 0.1, 0.001, 1, 'Student temperature', 'Temperature of the student in the grouping loss.', { symbol: 'τ_s', reference: '--student-temp' }),
  contrastTemp: number('loss', 0.2, 0.001, 1, 'Contrast temperature', 'Temperature of the slot loss.', { symbol: 'τ_c' }),
  groupLossWeight: number('loss', 0.5, 0, 1, 'Grouping weight', 'Weight of the grouping loss; the slot loss has 1 minus this.', { symbol: 'λ_g', reference: '--group-loss-weight' }),
  centerMomentum: number('loss', 0.9, 0, 1, 'Center momentum', 'Momentum of the running mean of the teacher scores.', { symbol: 'λ_c', reference: '--center-momentum' }),
  teacherMomentum: number('loss', 0.99, 0, 1, 'Teacher momentum', 'Initial momentum of the teacher; it rises to 1 along a cosine.', { symbol: 'm', reference: '--teacher-momentum' }),
  // Optimizer
  optimizer: choice('optimizer', 'lars', ['lars', 'sgd', 'adamw'], 'Optimizer', 'LARS as published, SGD with momentum, or AdamW.', { reference: '--optimizer', referenceChoices: ['lars', 'sgd'] }),
  baseLearningRate: number('optimizer', 1, 1e-6, 100, 'Learning rate', 'Peak learning rate, for a batch of 256 if scaled.', { reference: '--base-lr' }),
  scaleLearningRate: boolean('optimizer', true, 'Scale by batch', 'Multiplies the learning rate by the images of a step / 256, as published.'),
  momentum: number('optimizer', 0.9, 0, 0.9999, 'Momentum', 'Momentum of LARS and SGD.', { reference: '--momentum' }),
  weightDecay: number('optimizer', 1e-5, 0, 1, 'Weight decay', 'Shrinks weights toward zero.', { reference: '--weight-decay' }),
  trustCoefficient: number('optimizer', 0.001, 1e-6, 1, 'Trust coefficient', 'LARS: step length relative to the norm of the weights.', { symbol: 'η' }),
  lrFactor1d: number('optimizer', 1, 0, 10, '1-D learning rate factor', 'Multiplies the learning rate of biases and BatchNorm parameters.', { unit: '×' }),
  encoderLrFactor: number('optimizer', 1, 0, 10, 'Encoder learning rate factor', 'Multiplies the learning rate of the encoder, for one that starts from trained weights.', { unit: '×', addedLater: true }),
  freezeEncoderSteps: integer('optimizer', 0, 0, 10_000_000, 'Freeze encoder', 'First steps that leave the weights of the encoder and their momenta as they are; its BatchNorm statistics still follow the images.', { unit: 'steps', addedLater: true }),
  beta1: number('optimizer', 0.9, 0, 0.9999, 'Beta 1', 'AdamW: decay of the mean of the gradients.', { symbol: 'β₁' }),
  beta2: number('optimizer', 0.999, 0, 0.999999, 'Beta 2', 'AdamW: decay of the mean of the squared gradients.', { symbol: 'β₂' }),
  adamEpsilon: number('optimizer', 1e-8, 1e-16, 1, 'Epsilon', 'AdamW: added to the root of the mean square.', { symbol: 'ε' }),
  warmupEpochs: number('optimizer', 5, 0, 1000, 'Warmup epochs', 'Linear rise of the learning rate; used when steps is 0.', { unit: 'epochs', reference: '--warmup-epoch' }),
  warmupSteps: integer('optimizer', 0, 0, 1_000_000, 'Warmup steps', 'Linear rise of the learning rate, at most half of the run; used when steps is given.', { unit: 'steps' }),
  warmupMultiplier: number('optimizer', 100, 1, 10_000, 'Warmup multiplier', 'Warmup starts at the peak learning rate divided by this.', { unit: '×', reference: '--warmup-multiplier' }),
  minLearningRate: number('optimizer', 1e-6, 0, 1, 'Final learning rate', 'Floor of the cosine.'),
  // Augmentation
  cropSize: integer('augmentation', 224, 16, 1024, 'Crop size', 'Side of the square views.', { unit: 'px', reference: '--image-size' }),
  minScale: number('augmentation', 0.08, 0.001, 1, 'Min crop', 'Min fraction of the image area that a view covers.', { unit: 'of area', reference: '--min-scale' }),
  minOverlap: number('augmentation', 0.01, 0, 1, 'Min overlap', 'Min fraction of the second crop that the first should cover.', { unit: 'of area' }),
  flipProbability: number('augmentation', 0.5, 0, 1, 'Flip', 'Probability of a mirrored view.', { unit: 'probability' }),
  jitterProbability: number('augmentation', 0.8, 0, 1, 'Color jitter', 'Probability that colors are jittered.', { unit: 'probability' }),
  jitterBrightness: number('augmentation', 0.4, 0, 1, 'Brightness', 'Max relative change of brightness.', { unit: '±' }),
  jitterContrast: number('augmentation', 0.4, 0, 1, 'Contrast', 'Max relative change of contrast.', { unit: '±' }),
  jitterSaturation: number('augmentation', 0.2, 0, 1, 'Saturation', 'Max relative change of saturation.', { unit: '±' }),
  jitterHue: number('augmentation', 0.1, 0, 0.5, 'Hue', 'Max shift of hue, in turns.', { unit: '± turns' }),
  grayProbability: number('augmentation', 0.2, 0, 1, 'Gray', 'Probability of a gray view.', { unit: 'probability' }),
  blurProbability1: number('augmentation', 1, 0, 1, 'Blur, view 1', 'Probability that the first view is blurred.', { unit: 'probability' }),
  blurProbability2: number('augmentation', 0.1, 0, 1, 'Blur, view 2', 'Probability that the second view is blurred.', { unit: 'probability' }),
  blurSigmaMin: number('augmentation', 0.1, 0, 10, 'Min blur', 'Min standard deviation of the blur.', { unit: 'px' }),
  blurSigmaMax: number('augmentation', 2, 0, 10, 'Max blur', 'Max standard deviation of the blur.', { unit: 'px' }),
  solarizeProbability2: number('augmentation', 0.2, 0, 1, 'Solarize, view 2', 'Probability that bright pixels of the second view are inverted.', { unit: 'probability' }),
  // Display
  displayEverySteps: integer('display', 25, 1, 100_000, 'Overlays every', 'Steps between overlays of the watched images.', { unit: 'steps' }),
  autosaveEverySteps: integer('display', 100, 0, 1_000_000, 'Save every', 'Steps between automatic checkpoints; pausing and the end of a run save one too. 0 turns them off.', { unit: 'steps' }),
  overlaySize: integer('display', 0, 0, 1024, 'Overlay size', 'Side at which watched images are segmented, in whole cells; 0 uses 1.5 times the crop size. Larger is slower, and no finer beyond that.', { unit: 'px' }),
  watchedImages: integer('display', 8, 1, 32, 'Watched images', 'Number of images shown with their slots.', { unit: 'images' }),
} as const satisfies Record<string, Field>;

type ValueOf<F> = F extends ChoiceField<infer Choice> ? Choice : F extends BooleanField ? boolean : number;

export type Fields = typeof FIELDS;
export type FieldName = keyof Fields;

/** A complete, valid set of settings. */
export type Config = { readonly [Name in FieldName]: ValueOf<Fields[Name]> };

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
