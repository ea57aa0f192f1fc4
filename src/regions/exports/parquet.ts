import { ByteWriter, ParquetWriter, type ColumnSource, type SchemaElement } from 'hyparquet-writer';
import { regionRanges, type ExportedRegions, type WriteRegions } from './regionForm.ts';

/** Lists as other programs write them: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists */
const listOfFloats = (name: string): SchemaElement[] => [
  { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
];
const text = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
  repetition_type: 'REQUIRED',
});
const number = (name: string, type: 'INT32' | 'FLOAT'): SchemaElement => ({ name, type, repetition_type: 'REQUIRED' });

const COLUMNS: readonly SchemaElement[] = [
  text('path'),
  number('prototype', 'INT32'),
  text('name'),
  ...listOfFloats('vector'),
  number('area', 'FLOAT'),
  ...listOfFloats('box'),
  number('confidence', 'FLOAT'),
  number('width', 'INT32'),
  number('height', 'INT32'),
];

/** A row for each region, with its vector. Each chunk is a group of rows, so that little of a large table is in memory twice. */
export const writeParquet: WriteRegions = function* (exported) {
  const { table, onWritten } = exported;
  const writer = new ByteWriter();
  const take = (): Uint8Array<ArrayBuffer> => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: 9 }, ...COLUMNS],
    createdBy: 'slotcon-tab',
    kvMetadata: [{ key: 'slotcon-tab', value: JSON.stringify(table.origin) }],
  });
  for (const [from, to] of regionRanges(table.regions.count)) {
    // The writer is in memory: nothing to wait for.
    void parquet.write({ columnData: columnsOf(exported, from, to), rowGroupSize: to - from });
    onWritten(to);
    yield take();
  }
  void parquet.finish();
  yield take();
};

function columnsOf({ table, names }: ExportedRegions, from: number, to: number): ColumnSource[] {
  const { regions, photographs, vectors, origin } = table;
  const images = regions.image.subarray(from, to);
  const lists = (values: Float32Array, size: number): number[][] =>
    Array.from(images, (_, at) => Array.from(values.subarray((from + at) * size, (from + at + 1) * size)));
  const floats = { encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false, offsetIndex: false } as const;
  const columns: ColumnSource[] = [
    { name: 'path', data: Array.from(images, (image) => photographs.paths[image]) },
    { name: 'prototype', data: Int32Array.from(regions.prototype.subarray(from, to)) },
    { name: 'name', data: Array.from(regions.prototype.subarray(from, to), (prototype) => names[prototype]) },
    // Floats hardly compress.
    { name: 'vector', data: lists(vectors, origin.dimensions), ...floats },
    { name: 'area', data: regions.area.subarray(from, to) },
    { name: 'box', data: lists(regions.boxes, 4), ...floats },
    { name: 'confidence', data: regions.confidence.subarray(from, to) },
    { name: 'width', data: Int32Array.from(images, (image) => photographs.widths[image]) },
    { name: 'height', data: Int32Array.from(images, (image) => photographs.heights[image]) },
  ];
  return columns.map((column) => ({ offsetIndex: false, ...column }));
}
