import { rounded, rowsOf, textBytes, REGIONS_PER_CHUNK, type WriteRegions } from './regionForm.ts';

/**
 * Labels of FiftyOne's `FiftyOneImageDetectionDataset`: a detection for each region. It names images by their path without
 * the ending; of those that differ in nothing else it can hold one, which is the first.
 */
export const writeFiftyOne: WriteRegions = function* ({ table, names, onWritten }) {
  const { regions, photographs } = table;
  const used = new Set<string>();
  let text = `{"classes": ${JSON.stringify([...new Set(names)])},\n"labels": {`;
  let waiting = 0;
  for (let image = 0; image < photographs.count; image++) {
    const name = photographs.paths[image].replace(/\.[^./]*$/, '');
    if (used.has(name)) continue;
    const rows = rowsOf(table, image);
    const detections = rows.map((row) => {
      const [left, top, right, bottom] = regions.boxes.subarray(4 * row);
      const prototype = regions.prototype[row];
      return {
        label: names[prototype],
        bounding_box: [left, top, right - left, bottom - top].map(rounded),
        confidence: rounded(regions.confidence[row]),
        attributes: { prototype, area: rounded(regions.area[row]) },
      };
    });
    text += `${used.size > 0 ? ',' : ''}\n${JSON.stringify(name)}: ${JSON.stringify(detections)}`;
    used.add(name);
    waiting += rows.length;
    if (waiting < REGIONS_PER_CHUNK) continue;
    onWritten(photographs.regionStarts[image + 1]);
    yield textBytes(text);
    [text, waiting] = ['', 0];
  }
  onWritten(regions.count);
  yield textBytes(`${text}\n}}\n`);
};
