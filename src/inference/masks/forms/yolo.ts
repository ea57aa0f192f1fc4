import { strToU8 } from 'fflate';
import { joinRings } from '../joinRings.ts';
import { stemOf, type CreateMaskWriter } from '../maskWriter.ts';
import type { Ring } from '../traceRings.ts';

/**
 * Ultralytics' segmentation labels (https://docs.ultralytics.com/datasets/segment/): a line per object, its class index and
 * one polygon in fractions of the upright image. What has holes or several parts is joined to one line.
 */
export const writeYolo: CreateMaskWriter = ({ zip, classes, description, unusedName }) => ({
  add: (mask) => {
    const { list } = mask.objects();
    const lines = mask.outlines().map((regions, at) => {
      return `${list[at].label} ${fractionsOf(joinRings(regions.flat()), mask.width, mask.height)}\n`;
    });
    zip.add(unusedName(`labels/${stemOf(mask.path)}`, '.txt'), [strToU8(lines.join(''))], true);
  },
  end: () => {
    // Quoted as in JSON, which YAML includes.
    const names = classes.map(({ name }, index) => `  ${index}: ${JSON.stringify(name)}\n`).join('');
    const about = `# ${description}\n# Put the images into images/ beside labels/, under the same paths.\n`;
    zip.add('data.yaml', [strToU8(`${about}path: .\ntrain: images\nval: images\nnames:\n${names}`)], true);
  },
});

function fractionsOf(ring: Ring, width: number, height: number): string {
  return ring.map((value, at) => String(Number((value / (at % 2 === 0 ? width : height)).toFixed(6)))).join(' ');
}
