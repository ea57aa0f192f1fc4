import {
  matchBackbone,
  noMatch,
  startFromBackbone,
  type Backbone,
  type BackboneMatch,
} from '../checkpoint/backbone.ts';
import { writeCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkTensors } from '../checkpoint/stateDict.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { startRates } from '../config/starts/startSettings.ts';
import { PRESET_NAMES, presetConfig, type PresetName } from '../config/presets.ts';
import { settingsTable } from '../config/usage.ts';
import type { EncoderAdvice } from '../nn/encoders/encoder.ts';
import { openFile, writeChunks } from './checkpointFile.ts';
import { checkFile } from './output/outputPath.ts';
import { command, oneOf, parseOptions, parseSettings, UsageError } from './command.ts';

/** Maximum names to list of a kind: enough to recognize a classifier (two names) or another part of a model (hundreds). */
const MAX_LISTED = 12;

const USAGE = `Usage: npm run import -- --from FILE --out FILE [--preset NAME] [--set key=value]…
  Creates a checkpoint of slotcon-tab from
    a .pth of SlotCon's published code: the run resumes where it stopped
    an encoder, .pth or .safetensors, a ResNet of torchvision, timm or Hugging Face: a run starts from it, its heads fresh;
      prints which tensors matched, which were missing and why
  --preset NAME       settings of a run that starts: ${PRESET_NAMES.join(', ')} (default paper: a whole ResNet-50)
  --set key=value     any setting; repeatable
  --overwrite         replaces --out where it is there already

${settingsTable()}`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    from: { type: 'string' },
    out: { type: 'string' },
    overwrite: { type: 'boolean', default: false },
    preset: { type: 'string' },
    set: { type: 'string', multiple: true },
  });
  const { from, out } = values;
  if (from === undefined || out === undefined) throw new UsageError('--from and --out are needed.');
  const preset = values.preset === undefined ? undefined : oneOf('--preset', values.preset, PRESET_NAMES);
  const overrides = parseSettings(values.set ?? []);
  checkFile(out, values.overwrite);
  const opened = openFile(from);
  const checkpoint =
    opened.kind === 'backbone'
      ? startRun(opened.backbone, preset, overrides)
      : continueRun(opened.checkpoint, preset, overrides);
  await writeChunks(out, [writeCheckpoint(checkpoint)]);
});

function continueRun(checkpoint: Checkpoint, preset: PresetName | undefined, overrides: Partial<Config>): Checkpoint {
  if (preset !== undefined) throw new UsageError('--preset is for encoders: a checkpoint has settings of its own.');
  const config = makeConfig(checkpoint.config, overrides);
  checkTensors(config, checkpoint.tensors);
  const { step, epoch } = checkpoint.position;
  console.error(`A checkpoint of ${config.arch} at step ${step}, epoch ${epoch}.`);
  return { ...checkpoint, config };
}

function startRun(backbone: Backbone, preset: PresetName = 'paper', overrides: Partial<Config>): Checkpoint {
  const config = makeConfig(presetConfig(preset), overrides);
  const match = matchBackbone(backbone, config);
  if (match.matched.size === 0) throw noMatch(match, match.advice && adviceLine(match.advice));
  console.error(table(match));
  const rates = startRates(config, 0, overrides);
  if (Object.keys(rates).length === 0) return startFromBackbone(match, config);
  const options = Object.entries(rates).map(([name, value]) => `${name}=${value}`);
  console.error(`For trained weights: ${options.join(', ')}. --set changes them.`);
  return startFromBackbone(match, makeConfig(config, rates));
}

function table({ matched, missing, unused, advice }: BackboneMatch): string {
  return [
    `${matched.size} tensors of the encoder matched, ${missing.length} were missing and start fresh.`,
    ...listed(
      'missing',
      missing.map(({ name, why }) => `${name}: ${why}`),
    ),
    ...listed('unused', unused),
    ...(advice === undefined ? [] : [adviceLine(advice)]),
  ].join('\n');
}

function listed(kind: string, lines: readonly string[]): string[] {
  const more = lines.length - MAX_LISTED;
  const shown = more > 0 ? [...lines.slice(0, MAX_LISTED), `and ${more} more`] : lines;
  return shown.map((line) => `  ${kind.padEnd(8)} ${line}`);
}

function adviceLine({ sentence, settings }: EncoderAdvice): string {
  if (settings === undefined) return sentence;
  const options = Object.entries(settings).map(([name, value]) => `--set ${name}=${value}`);
  return `${sentence} Add ${options.join(' ')}.`;
}
