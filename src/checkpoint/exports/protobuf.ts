/**
 * Wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), as far as needed for ONNX models. Own code
 * because libraries encode a message into one buffer; here weights are never copied: a message is a list of pieces, and
 * nesting puts a tag and a length in front of them.
 */
export interface ProtoMessage {
  readonly length: number;
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export function message(...fields: readonly ProtoMessage[]): ProtoMessage {
  return {
    length: fields.reduce((sum, { length }) => sum + length, 0),
    pieces: fields.flatMap(({ pieces }) => pieces),
  };
}

/** Field of type int32, int64 or enum; nonnegative values only. */
export const int = (field: number, value: number): ProtoMessage => piece([...tag(field, VARINT), ...varint(value)]);

export function float(field: number, value: number): ProtoMessage {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return piece([...tag(field, FIXED_32), ...bytes]);
}

export function nested(field: number, { length, pieces }: ProtoMessage): ProtoMessage {
  return message(piece([...tag(field, LENGTH_DELIMITED), ...varint(length)]), { length, pieces });
}

export const bytes = (field: number, data: Uint8Array<ArrayBuffer>): ProtoMessage =>
  nested(field, { length: data.length, pieces: [data] });

export const text = (field: number, value: string): ProtoMessage => bytes(field, new TextEncoder().encode(value));

const piece = (values: readonly number[]): ProtoMessage => ({
  length: values.length,
  pieces: [Uint8Array.from(values)],
});

const tag = (field: number, wireType: number): number[] => varint(field * 8 + wireType);

/** Encodes seven bits per byte, lowest first; the top bit marks that more follow. By division, as lengths may exceed 32 bits. */
function varint(value: number): number[] {
  const low: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) low.push((value % 0x80) + 0x80);
  return [...low, value];
}
