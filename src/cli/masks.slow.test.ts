import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandArguments } from '../../scripts/commands.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { sampleScene } from '../data/scenes/samples.ts';
import { MASK_FORMS } from '../domain/maskForms.ts';
import { defined } from '../lib/defined.ts';
import { countsFromText, paintCounts } from '../lib/rle.ts';
import { fillRings, overlapOf } from '../testing/masks.ts';
import { python } from '../testing/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'masks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** Photographs of 800 × 600 stored pixels; the one with EXIF orientation 6 is shown at 600 × 800. */
const PHOTOGRAPHS = [
  { path: 'a.jpg', orientation: 1, size: [800, 600] },
  { path: 'deep/turned.jpg', orientation: 6, size: [600, 800] },
  { path: 'z.png', orientation: 1, size: [800, 600] },
] as const;

interface CocoFile {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[];
  readonly annotations: readonly { image_id: number; category_id: number; area: number; segmentation: unknown }[];
}

/** A network of a few thousand weights whose slots differ after a few steps. */
const SETTINGS = [
  'steps=2',
  'batchSize=3',
  'width=0.0625',
  'stages=1',
  'hiddenDim=16',
  'outDim=8',
  'cropSize=64',
].flatMap((setting) => ['--set', setting]);

/** Runs a command of npm, without the set-up before it. */
async function run(name: string, ...args: string[]): Promise<void> {
  const command = await commandArguments(name);
  const { status, stderr } = spawnSync(process.execPath, [...command, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

let files: Record<string, Uint8Array> = {};
const json = (name: string): unknown => JSON.parse(strFromU8(files[name]));

beforeAll(async () => {
  mkdirSync(at('photos/deep'), { recursive: true });
  for (const [seed, { path, orientation }] of PHOTOGRAPHS.entries()) {
    const { data, width, height } = sampleScene(seed, 0).image;
    const large = sharp(data, { raw: { width, height, channels: 3 } }).resize(800, 600, { fit: 'fill' });
    writeFileSync(at(`photos/${path}`), await (path.endsWith('png') ? large.png() : large.jpeg()).withMetadata({ orientation }).toBuffer()); // oxfmt-ignore
  }
  await run('train', '--in', 'node', '--images', at('photos'), '--out', at('run'), '--preset', 'tiny', ...SETTINGS);
  const forms = MASK_FORMS.map(({ id }) => id).join();
  const [checkpoint, zip] = [at('run/checkpoint.safetensors'), at('masks.zip')];
  await run(
    'export',
    '--checkpoint',
    checkpoint,
    '--to',
    'masks',
    '--images',
    at('photos'),
    '--out',
    zip,
    '--masks-as',
    forms,
  );
  files = unzipSync(readFileSync(at('masks.zip')));
});

it('masks have the size of the upright photograph; run lengths and polygons are the same pixels', () => {
  const exact = json('annotations.coco.json') as CocoFile;
  const polygons = json('annotations.coco-polygons.json') as CocoFile;
  let compared = 0;
  for (const { path, size, orientation } of PHOTOGRAPHS) {
    const { width, height, data } = decode(files[`masks/${path}.png`]);
    expect([width, height]).toEqual(size);
    expect(new Set(data).size, 'a mask of one class would prove little').toBeGreaterThan(2);
    const image = defined(exact.images.find(({ file_name }) => file_name === path));
    expect(image).toMatchObject({ width, height });
    expect(image).toEqual(polygons.images[exact.images.indexOf(image)]);
    expect('exif_orientation' in image).toBe(orientation !== 1);
    const painted = { width, height, labels: new Uint16Array(width * height).fill(999) };
    for (const [place, { image_id, category_id, segmentation, area }] of exact.annotations.entries()) {
      if (image_id !== image.id) continue;
      paintCounts(countsFromText((segmentation as { counts: string }).counts), painted, category_id - 1);
      const { evenOdd } = fillRings(polygons.annotations[place].segmentation as number[][], width, height);
      const truth = Uint8Array.from(data, (index) => (index === category_id - 1 ? 1 : 0));
      if (area > 1000) expect(overlapOf(evenOdd, truth)).toBeGreaterThan(0.98);
      compared += 1;
    }
    // Comparing millions of values takes the test runner long.
    expect(painted.labels.every((label, pixel) => label === data[pixel])).toBe(true);
  }
  expect(compared).toBe(exact.annotations.length);
});

it('overlays are the upright photographs under the colors of the classes', async () => {
  for (const { path, size } of PHOTOGRAPHS) {
    const [width, height] = size;
    const png = decode(files[`masks/${path}.png`]);
    const raw = (source: string | Uint8Array) => sharp(source).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true }); // oxfmt-ignore
    const { data: overlay, info } = await raw(files[`overlays/${path}.jpg`]);
    expect([info.width, info.height]).toEqual([width, height]);
    const { data: photograph } = await raw(at(`photos/${path}`));
    let difference = 0;
    for (let pixel = 0; pixel < width * height; pixel++) {
      const color = defined(png.palette)[png.data[pixel]];
      difference += Math.abs(overlay[3 * pixel + 1] - (photograph[3 * pixel + 1] + color[1]) / 2);
    }
    expect(difference / (width * height)).toBeLessThan(4);
  }
});

const pycocotools = python('pycocotools', 'numpy', 'PIL');
it.skipIf(pycocotools === undefined)('pycocotools reads the same masks', () => {
  const program = `
import zipfile, contextlib, numpy as np
from PIL import Image
from pycocotools.coco import COCO
archive = zipfile.ZipFile(io.BytesIO(data))
def load(name):
    with contextlib.redirect_stdout(sys.stderr):
        coco = COCO(); coco.dataset = json.loads(archive.read(name)); coco.createIndex()
    return coco
exact, polygons = load('annotations.coco.json'), load('annotations.coco-polygons.json')
same, worst = True, 1.0
for image in exact.dataset['images']:
    mask = np.asarray(Image.open(archive.open('masks/' + image['file_name'] + '.png')))
    for one, other in zip(exact.imgToAnns[image['id']], polygons.imgToAnns[image['id']]):
        truth, drawn = mask == one['category_id'] - 1, polygons.annToMask(other) > 0
        same = same and bool((exact.annToMask(one) == truth).all())
        if one['area'] > 1000: worst = min(worst, float((drawn & truth).sum() / (drawn | truth).sum()))
print(json.dumps([same, worst]))`;
  const [same, worst] = JSON.parse(defined(pycocotools)(program, readFileSync(at('masks.zip')))) as [boolean, number];
  expect(same).toBe(true);
  expect(worst).toBeGreaterThan(0.98);
});
