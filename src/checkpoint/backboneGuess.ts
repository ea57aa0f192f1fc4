import type { Config } from '../config/fields.ts';

export interface EncoderGuess {
  /** Undefined if it is none that we have. */
  readonly arch: Config['arch'] | undefined;
  readonly width: number;
  /** Of every stage that is there: `3-4-23-3`. */
  readonly blocks: string;
}

const ARCHITECTURES: readonly (readonly [Config['arch'], 'basic' | 'bottleneck', string])[] = [
  ['resnet18', 'basic', '2-2-2-2'],
  ['resnet34', 'basic', '3-4-6-3'],
  ['resnet50', 'bottleneck', '3-4-6-3'],
];

/** What ResNet a file holds, by the shapes of its tensors; nothing where it looks like no ResNet at all. */
export function guessEncoder(shapeOf: (name: string) => readonly number[] | undefined): EncoderGuess | undefined {
  const stem = shapeOf('conv1.weight');
  if (stem?.length !== 4 || shapeOf('layer1.0.conv1.weight') === undefined) return undefined;
  const counts = [1, 2, 3, 4].map((stage) => {
    let count = 0;
    while (shapeOf(`layer${stage}.${count}.conv1.weight`) !== undefined) count++;
    return count;
  });
  const kind = shapeOf('layer1.0.conv3.weight') === undefined ? 'basic' : 'bottleneck';
  // An encoder may have been cut after an early stage.
  const blocks = counts.filter((count) => count > 0).join('-');
  const known = ARCHITECTURES.find(([, has, all]) => has === kind && all.startsWith(blocks));
  return { arch: known?.[0], width: stem[0] / 64, blocks };
}
