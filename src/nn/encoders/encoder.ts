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
  /** For messages, e.g. "a ResNet with 3-4-23-3 blocks per stage, which is none of resnet18, resnet34 and resnet50". */
  readonly description: string;
}

/** A kind of encoder: its construction, recognition and names in other file formats. */
export interface EncoderFamily {
  create(settings: EncoderSettings): Encoder;
  /** Recognizes an encoder of this family by the shapes of its tensors. */
  guess(shapeOf: ShapeOf): EncoderGuess | undefined;
  /** Name of a tensor in detectron2's model zoo. */
  detectron2Name(name: string): string;
}
