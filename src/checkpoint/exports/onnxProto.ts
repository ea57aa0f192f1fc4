import { tensorBytes } from '../tensorBytes.ts';
import type { Float32Tensor } from './teacher.ts';
import { bytes, float, int, message, nested, text, type ProtoMessage } from './protobuf.ts';

/** Messages of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto that the exported models use. */

/** Required of readers; opset 17 (2022) is widely supported. */
const OPSET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** An integer, a list of integers, or a wrapped float. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface NodeProto {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A string names a dimension whose size is known only at run time. */
export interface ValueProto {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: ReadonlyMap<string, Float32Tensor>;
  readonly input: ValueProto;
  readonly output: ValueProto;
}

export function encodeModel(
  graph: GraphProto,
  about: string,
  metadata: Readonly<Record<string, string>>,
): ProtoMessage {
  return message(
    int(1, IR_VERSION),
    text(2, 'slotcon-tab'),
    text(6, about),
    nested(7, encodeGraph(graph)),
    nested(8, int(2, OPSET)),
    ...Object.entries(metadata).map(([key, value]) => nested(14, message(text(1, key), text(2, value)))),
  );
}

function encodeGraph({ name, nodes, initializers, input, output }: GraphProto): ProtoMessage {
  return message(
    ...nodes.map((node) => nested(1, encodeNode(node))),
    text(2, name),
    ...[...initializers].map(([tensorName, tensor]) => nested(5, encodeTensor(tensorName, tensor))),
    nested(11, encodeValue(input)),
    nested(12, encodeValue(output)),
  );
}

function encodeNode({ type, inputs, output, attributes = {} }: NodeProto): ProtoMessage {
  return message(
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, output),
    text(4, type),
    ...Object.entries(attributes).map(([name, value]) => nested(5, encodeAttribute(name, value))),
  );
}

function encodeAttribute(name: string, value: Attribute): ProtoMessage {
  if (typeof value === 'number') return message(text(1, name), int(3, value), int(20, ATTRIBUTE_INT));
  if ('float' in value) return message(text(1, name), float(2, value.float), int(20, ATTRIBUTE_FLOAT));
  return message(text(1, name), ...value.map((one) => int(8, one)), int(20, ATTRIBUTE_INTS));
}

function encodeTensor(name: string, tensor: Float32Tensor): ProtoMessage {
  return message(
    ...tensor.shape.map((size) => int(1, size)),
    int(2, FLOAT),
    text(8, name),
    bytes(9, tensorBytes(tensor)),
  );
}

function encodeValue({ name, shape }: ValueProto): ProtoMessage {
  const sizes = shape.map((size) => nested(1, typeof size === 'number' ? int(1, size) : text(2, size)));
  const tensorType = message(int(1, FLOAT), nested(2, message(...sizes)));
  return message(text(1, name), nested(2, nested(1, tensorType)));
}
