import type { Config } from '../../config/fields.ts';
import type { Encoder, EncoderFamily, EncoderGuess, EncoderSettings, ShapeOf } from './encoder.ts';
import { resnet } from './resnet.ts';

/** Family of each choice of the field `arch`. */
const FAMILIES: Readonly<Record<Config['arch'], EncoderFamily>> = {
  resnet18: resnet,
  resnet34: resnet,
  resnet50: resnet,
  resnet18_16s: resnet,
  resnet34_16s: resnet,
  resnet50_16s: resnet,
};

export function encoderFamily(arch: Config['arch']): EncoderFamily {
  return FAMILIES[arch];
}

export function createEncoder(settings: EncoderSettings): Encoder {
  return encoderFamily(settings.arch).create(settings);
}

/** Recognizes the encoder in a file by the shapes of its tensors; undefined if it belongs to no family. */
export function guessEncoder(shapeOf: ShapeOf): EncoderGuess | undefined {
  for (const family of new Set(Object.values(FAMILIES))) {
    const guess = family.guess(shapeOf);
    if (guess) return guess;
  }
  return undefined;
}
