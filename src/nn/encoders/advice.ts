import { FIELDS, type Config, type FieldName } from '../../config/fields.ts';
import type { EncoderAdvice, ShapeOf } from './encoder.ts';
import { guessEncoder } from './encoders.ts';
import { otherFamily } from './otherFamilies.ts';

/** Ending of the encoders with a dilated last stage, whose tensors are the same. */
const DILATED = '_16s';

/** Says what the encoder of a file is, and which settings fit it. Undefined if nothing is recognized, or if these fit already. */
export function adviseEncoder(config: Config, names: Iterable<string>, shapeOf: ShapeOf): EncoderAdvice | undefined {
  const guess = guessEncoder(shapeOf);
  if (guess === undefined) {
    const family = otherFamily(names);
    if (family === undefined) return undefined;
    return {
      sentence: `The file looks like ${family}, and encoders here are ResNets: take a resnet18, resnet34 or resnet50.`,
    };
  }
  const { arch, width, blocksPerStage, stages, description, alternative } = guess;
  if (arch === undefined) return { sentence: `The file looks like ${description}: take a ${alternative}.` };
  const depth = config.arch.endsWith(DILATED) ? (`${arch}${DILATED}` as Config['arch']) : arch;
  // An encoder may be cut after an early stage, in the file or by the settings.
  const settings = {
    arch: depth,
    width,
    ...(blocksPerStage !== undefined || config.blocksPerStage !== 0 ? { blocksPerStage: blocksPerStage ?? 0 } : {}),
    ...(stages < config.stages ? { stages } : {}),
  };
  if (Object.entries(settings).every(([name, value]) => config[name as FieldName] === value)) return undefined;
  const sentence = `The file looks like ${description}.`;
  const { min, max } = FIELDS.width;
  const possible = width >= min && width <= max && Number.isInteger(width * 64);
  return possible ? { sentence, settings } : { sentence };
}
