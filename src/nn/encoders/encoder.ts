import type { Config } from '../../config/fields.ts';
import type { Tensor } from '../../ops/tensor.ts';
import type { NetworkContext } from '../network.ts';
import type { NetworkSpec } from '../params.ts';

/** Settings that determine the encoder's shape. */
export type EncoderSettings = Pick<Config, 'arch' | 'width' | 'stages' | 'blocksPerStage' | 'outputStride'>;

/** An encoder of given settings. */
export interface Encoder {
  readonly spec: NetworkSpec;
  readonly outChannels: number;
  /** Rows and columns of the last map for an image of that size. */
  outputSize(height: number, width: number): readonly [number, number];
  /** Multiply-adds of one square image's forward pass. */
  multiplyAdds(size: number): number;
  /** [N,H,W,3] → [N,h,w,outChannels] */
  forward(context: NetworkContext, images: Tensor): Tensor;
}

/** Shape of a file's tensor by its name in PyTorch, undefined if there is none. */
export type ShapeOf = (name: string) => readonly number[] | undefined;

/** Encoder recognized in a file. */
export interface EncoderGuess {
  /** Undefined if it is none of the choices of the field `arch`. */
  readonly arch: Config['arch'] | undefined;
  readonly width: number;
  /** Where all stages have as many, and no choice of `arch` has. */
  readonly blocksPerStage?: number;
  /** Number of stages in the file. */
  readonly stages: number;
  /** For messages, e.g. "resnet50 of width 0.5", "wide_resnet50_2, whose blocks are …". */
  readonly description: string;
  /** The nearest choice of the field `arch`, where there is none for it. */
  readonly alternative?: Config['arch'];
}

/** Settings of a recognized encoder; blocks per stage and stages only where those of the settings don't fit. */
export type FittingSettings = Readonly<
  Pick<Config, 'arch' | 'width'> & Partial<Pick<Config, 'blocksPerStage' | 'stages'>>
>;

/** Advice on a file that doesn't fit the encoder of the settings. */
export interface EncoderAdvice {
  /** What the file holds, for the person. */
  readonly sentence: string;
  /** Settings with which it fits. */
  readonly settings?: FittingSettings;
}

/** A kind of encoder: its construction, recognition and names in other file formats. */
export interface EncoderFamily {
  create(settings: EncoderSettings): Encoder;
  /** Recognizes an encoder of this family by the shapes of its tensors. */
  guess(shapeOf: ShapeOf): EncoderGuess | undefined;
  /** Name of a tensor in detectron2's model zoo. */
  detectron2Name(name: string): string;
}
