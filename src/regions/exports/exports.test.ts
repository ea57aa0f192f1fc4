import { tableFromIPC } from 'apache-arrow';
import { strFromU8, unzipSync } from 'fflate';
import { readParquet } from 'parquet-wasm/node';
import { expect, it } from 'vitest';
import { mergeClasses, renameClass } from '../../domain/classes.ts';
import type { RegionForm } from '../../domain/regions.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { exportRegions } from './exportRegions.ts';

/** More regions than a chunk holds. */
const table = drawnRegions({ photographs: 600, perPhotograph: 2, prototypes: 4, dimensions: 3 });
const classes = renameClass(mergeClasses([], [1, 3]), 1, 'sky & "sea"');
const NAMES = ['Slot 1', 'sky & "sea"', 'Slot 3', 'sky & "sea"'];
const { regions, photographs, vectors } = table;

function written(form: RegionForm, from = table): Uint8Array<ArrayBuffer> {
  return joinChunks(exportRegions(form, from, classes));
}

it('an independent reader finds every region in the Parquet file', () => {
  const read = tableFromIPC(readParquet(written('parquet')).intoIPCStream());
  expect(read.numRows).toBe(regions.count);
  expect(read.schema.fields.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
    'path: Utf8',
    'prototype: Int32',
    'name: Utf8',
    'vector: List<Float32>',
    'area: Float32',
    'box: List<Float32>',
    'confidence: Float32',
    'width: Int32',
    'height: Int32',
  ]);
  expect(JSON.parse(read.schema.metadata.get('slotcon-tab') ?? '')).toEqual(table.origin);
  const rows = read.toArray() as Record<string, unknown>[];
  rows.forEach((row, at) => {
    const prototype = regions.prototype[at];
    expect({ ...row, vector: [...(row.vector as number[])], box: [...(row.box as number[])] }).toEqual({
      path: photographs.paths[regions.image[at]],
      prototype,
      name: NAMES[prototype],
      vector: [...vectors.subarray(3 * at, 3 * at + 3)],
      area: regions.area[at],
      box: [...regions.boxes.subarray(4 * at, 4 * at + 4)],
      confidence: regions.confidence[at],
      width: 640,
      height: 480,
    });
  });
});

it('CSV holds a line for each region', () => {
  const lines = strFromU8(written('csv')).split('\r\n');
  expect(lines).toHaveLength(1 + regions.count + 1);
  expect(lines[0]).toBe('path,prototype,name,area,left,top,right,bottom,confidence,width,height');
  const last = regions.count - 1;
  const name = regions.prototype[last] % 2 === 1 ? '"sky & ""sea"""' : NAMES[regions.prototype[last]];
  const confidence = Number(regions.confidence[last].toPrecision(6));
  expect(lines[regions.count]).toBe(
    `folder-2/photograph-599.jpg,${regions.prototype[last]},${name},0.5,0,0.5,1,1,${confidence},640,480`,
  );
});

it('FiftyOne finds detections under the names of images without their ending', () => {
  const { classes: named, labels } = JSON.parse(strFromU8(written('fiftyone'))) as {
    classes: string[];
    labels: Record<string, { label: string; attributes: { prototype: number } }[]>;
  };
  expect(named).toEqual(['Slot 1', 'sky & "sea"', 'Slot 3']);
  expect(Object.keys(labels)).toEqual(photographs.paths.map((path) => path.replace('.jpg', '')));
  const detections = Object.values(labels).flat();
  expect(detections.map(({ attributes }) => attributes.prototype)).toEqual([...regions.prototype]);
  expect(detections[1]).toEqual({
    label: NAMES[regions.prototype[1]],
    bounding_box: [0, 0.5, 1, 0.5],
    confidence: Number(regions.confidence[1].toPrecision(6)),
    attributes: { prototype: regions.prototype[1], area: 0.5 },
  });
});

it('CVAT finds boxes in pixels and the labels of a task for them', () => {
  const paths = photographs.paths.with(0, 'a & b\u0007<1>.jpg');
  const files = unzipSync(written('cvat', { ...table, photographs: { ...photographs, paths } }));
  const labels = JSON.parse(strFromU8(files['labels.json'])) as { name: string; type: string; color: string }[];
  expect(labels.map(({ name }) => name)).toEqual(['Slot 1', 'sky & "sea"', 'Slot 3']);
  expect(labels[0]).toMatchObject({ type: 'rectangle', color: expect.stringMatching(/^#[0-9a-f]{6}$/) as string });
  const xml = strFromU8(files['annotations.xml']);
  expect(xml).toContain('<label><name>sky &amp; &quot;sea&quot;</name></label>');
  expect(xml.match(/<box /g)).toHaveLength(regions.count);
  const label = NAMES[regions.prototype[1]].replace('&', '&amp;').replaceAll('"', '&quot;');
  expect(xml).toContain(
    `<box label="${label}" source="auto" occluded="0" xtl="0.00" ytl="240.00" xbr="640.00" ybr="480.00" z_order="0"/>`,
  );
  expect(xml).toContain('<image id="0" name="a &amp; b&lt;1>.jpg" width="640" height="480">');
});
