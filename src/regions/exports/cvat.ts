import { prototypeColor } from '../../domain/palette.ts';
import { createZipStream } from '../../lib/zip/zipStream.ts';
import { textBytes, rowsOf, type Chunks, type ExportedRegions, type WriteRegions } from './regionForm.ts';

/** "CVAT for images 1.1" as a zip: a box for each region, and the labels that a task for them needs. */
export const writeCvat: WriteRegions = function* (exported) {
  const zip = createZipStream();
  zip.add('labels.json', [textBytes(labelsJson(exported))], true);
  zip.add('annotations.xml', annotationsXml(exported), true);
  zip.end();
  yield* zip.take();
};

function labelsJson({ table, names }: ExportedRegions): string {
  const labels = [...new Set(names)].map((name) => {
    const color = prototypeColor(names.indexOf(name), table.origin.prototypes);
    return { name, type: 'rectangle', color: `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}` };
  });
  return `${JSON.stringify(labels, undefined, 1)}\n`;
}

// https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
function* annotationsXml(exported: ExportedRegions): Chunks {
  const { table, names, onWritten } = exported;
  const { regions, photographs } = table;
  const labels = [...new Set(names)].map((name) => `<label><name>${escaped(name)}</name></label>`);
  // What CVAT itself doesn't need, but other programs that read its files do.
  const task = `<size>${photographs.count}</size><mode>annotation</mode>\n<labels>${labels.join('')}</labels>`;
  const meta = `<meta><task>${task}</task></meta>`;
  yield textBytes(`<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n${meta}\n`);
  for (let image = 0; image < photographs.count; image++) {
    const [width, height] = [photographs.widths[image], photographs.heights[image]];
    const boxes = rowsOf(table, image).map((row) => {
      const [left, top, right, bottom] = regions.boxes.subarray(4 * row);
      const corners = { xtl: left * width, ytl: top * height, xbr: right * width, ybr: bottom * height };
      const box = Object.entries(corners).map(([corner, px]) => `${corner}="${px.toFixed(2)}"`);
      return `<box label="${escaped(names[regions.prototype[row]])}" source="auto" occluded="0" ${box.join(' ')} z_order="0"/>\n`;
    });
    const head = `<image id="${image}" name="${escaped(photographs.paths[image])}" width="${width}" height="${height}">`;
    yield textBytes(`${head}\n${boxes.join('')}</image>\n`);
    onWritten(photographs.regionStarts[image + 1]);
  }
  yield textBytes('</annotations>\n');
}

/** Text of an element or attribute: control characters, which XML 1.0 can't hold, are left out. */
function escaped(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, '');
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
