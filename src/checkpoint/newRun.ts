import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { networkSettings, startRates } from '../config/starts/startSettings.ts';
import { matchBackbone } from './backbone.ts';
import type { OpenedFile } from './openFile.ts';

/**
 * Settings of a new run from a file: `config` with what the file's weights need and the rates of a trained encoder, except what
 * was chosen.
 */
export function newRunSettings(
  opened: OpenedFile,
  config: Config,
  chosen: Partial<Config>,
  imageCount: number,
): Config {
  const needed =
    opened.kind === 'checkpoint'
      ? networkSettings(opened.checkpoint.config)
      : matchBackbone(opened.backbone, config).advice?.settings;
  const fitting = makeConfig(config, { ...needed, ...chosen });
  return makeConfig(fitting, startRates(fitting, imageCount, chosen));
}
