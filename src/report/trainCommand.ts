import { FIELD_NAMES, type Config, type FieldName } from '../config/fields.ts';
import { PRESET_NAMES, presetConfig, type PresetName } from '../config/presets.ts';
import type { ExploreReportData, ReportData } from './reportData.ts';

/** The preset that fewest settings differ from, and those settings, in the order of the form. */
export function nearestPreset(config: Config): { readonly preset: PresetName; readonly changed: readonly FieldName[] } {
  const candidates = PRESET_NAMES.map((preset) => {
    const base = presetConfig(preset);
    return { preset, changed: FIELD_NAMES.filter((name) => config[name] !== base[name]) };
  });
  return candidates.reduce((best, one) => (one.changed.length < best.changed.length ? one : best));
}

type Repeated = Pick<ReportData, 'config' | 'images' | 'step' | 'totalSteps' | 'startStep'>;

/** The command line that repeats a run. */
export function trainCommand({ config, images, step, totalSteps, startStep }: Repeated): string {
  const { preset, changed } = nearestPreset(config);
  return [
    'npm run train --',
    ...(images.folder === undefined ? [] : [`--images ${quoted(images.folder)}`]),
    ...(startStep > 0 ? ['--resume CHECKPOINT'] : []),
    `--preset ${preset}`,
    ...changed.map((name) => `--set ${name}=${config[name]}`),
    ...(step < totalSteps ? [`--steps ${step}`] : []),
  ].join(' ');
}

/** The command line that repeats an exploration. */
export function exploreCommand({ config, images, steps }: ExploreReportData): string {
  const once = trainCommand({ config, images, step: steps, totalSteps: Infinity, startStep: 0 });
  return once.replace('train --', 'train -- --explore');
}

/** As a single word of a shell. */
function quoted(text: string): string {
  return /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
