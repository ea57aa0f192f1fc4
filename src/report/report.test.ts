import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { prototypeColor } from '../domain/palette.ts';
import { stripOverlay } from '../testing/overlays.ts';
import type { EncodePicture, Pixels } from './pictures.ts';
import { createExploreReport, createReport } from './report.ts';
import type { ReportData } from './reportData.ts';
import { trainCommand } from './trainCommand.ts';

const config = makeConfig(presetConfig('quick'), { steps: 40, prototypes: 4, teacherTemp: 0.06, seed: 7 });
const data: ReportData = {
  title: 'A <b>run</b> & more',
  config,
  images: { name: 'holiday "2024"', count: 12, folder: 'my photos' },
  step: 30,
  totalSteps: 40,
  startStep: 0,
  outcome: 'stopped',
  seconds: 75,
  adapter: 'A card',
  engine: 'compiled',
  versions: ['slotcon-tab 1'],
  date: new Date(0),
  notes: ['A note'],
  curves: { steps: [1, 2], values: { loss: [5, 4.25], lr: [0.1, 0.2] } },
  // Of prototype 1, image 0 holds half, image 1 a quarter, image 2 nothing; prototype 3 holds nothing anywhere.
  overlays: [stripOverlay(0, [0, 1, 1, 0]), stripOverlay(1, [0, 0, 1, 2]), stripOverlay(2, [0, 0, 2, 2])],
  classes: [{ name: 'sky & sea', prototypes: [1] }],
  explored: [
    { recipe: 'shade', stability: 0.625, slotsInUse: 2.5, prototypes: 4, pictures: [stripOverlay(5, [0, 1, 1, 0])] },
    { recipe: 'color', stability: undefined, slotsInUse: 1, prototypes: 4, pictures: [stripOverlay(5, [3, 3, 3, 3])] },
  ],
  scores: undefined,
};

function recording(): { readonly encode: EncodePicture; readonly drawn: (Pixels & { format: string })[] } {
  const drawn: (Pixels & { format: string })[] = [];
  const encode: EncodePicture = (pixels, format) => {
    drawn.push({ ...pixels, format });
    return Promise.resolve(`data:image/${format};base64,${drawn.length}`);
  };
  return { encode, drawn };
}

/** The report without the white space between its elements. */
async function reportOf(encode = recording().encode): Promise<string> {
  return (await createReport(data, encode)).replace(/\s+/g, ' ').replaceAll('> <', '><');
}

describe('a report', () => {
  it('shows text as text, and may request nothing', async () => {
    const report = await reportOf();
    expect(report).toContain('<h1>A &lt;b&gt;run&lt;/b&gt; &amp; more</h1>');
    expect(report).toContain('holiday &quot;2024&quot;');
    expect(report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/2000\/svg")|undefined|NaN|\[object/);
    expect(report).toContain("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
    const sources = [...report.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, source]) => source);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toMatch(/^(data:image\/(png|jpeg);base64,|#photograph-\d+$)/);
  });

  it('shows each slot by its name on the images where it holds most', async () => {
    const { encode, drawn } = recording();
    const report = await reportOf(encode);
    const named = /<li><h3><span[^>]*><\/span>sky &amp; sea.*?<\/li>/.exec(report)?.[0] ?? '';
    expect(named).toContain(`background:rgb(${prototypeColor(1, 4).join(' ')})`);
    expect(named).toContain('<span class="muted">25%</span>');
    expect([...named.matchAll(/#photograph-(\d)/g)].map(([, image]) => image)).toEqual(['0', '1']);
    expect(report).toContain('Not in use on these images (0.5% or less): Slot 4.');
    // Three photographs with their segments, and masks: two images of slot 2, three of slot 1, two of slot 3. That of the
    // contact sheet, once for both recipes, whose segments lie over it.
    expect(drawn.map(({ format }) => format).filter((format) => format === 'jpeg')).toHaveLength(3 + 1);
    expect(drawn).toHaveLength(3 + 3 + 2 + 3 + 2 + 1 + 2);
  });

  it('shows the recipes of an exploration with their facts, on the same photographs', async () => {
    const report = await reportOf();
    const sheet = /<section aria-labelledby="explored">.*?<\/section>/.exec(report)?.[0] ?? '';
    expect([...sheet.matchAll(/<h3>(.*?) · splits by/g)].map(([, facts]) => facts)).toEqual([
      'Mostly things · stability 0.63 · 2.5 slots in use',
      'Color and light · stability – · 1 slot in use',
    ]);
    expect(sheet.match(/#photograph-3"/g)).toHaveLength(3);
    expect(sheet.match(/data:image\/png/g)).toHaveLength(2);
    const alone = { ...data, explored: [] };
    expect(await createReport(alone, recording().encode)).not.toContain('explored');
    const own = await createExploreReport({ ...data, steps: 25, recipes: data.explored }, recording().encode);
    expect(own).toContain('id="photograph-0"');
    expect(own).toContain("npm run train -- --explore --images 'my photos' --preset quick --set steps=40");
    expect(own).toContain('--set teacherTemp=0.06 --steps 25</code>');
  });

  it('has scores as they are and along edges, beside the baselines', async () => {
    const [scores, edges, untrained, colors] = [0.3, 0.4, 0.05, 0.2].map((nmi) => {
      const majority = { majorityMiou: NaN, majorityPixelAccuracy: 0.5 };
      return { nmi, miou: nmi / 2, pixelAccuracy: 0.5, ...majority, used: 4, perClass: [] };
    });
    const confusion = { prototypes: 0, classes: 0, counts: new Float64Array(0) };
    const shared = { step: 30, pictures: 12, available: 12, leftOut: [], confusion, classNames: [] };
    const scored = { report: { ...shared, scores, edges }, baselines: { pictures: 12, untrained, colors } };
    const report = await createReport({ ...data, scores: scored }, recording().encode);
    const table = /<section aria-labelledby="scores">[^]*?<\/section>/.exec(report)?.[0] ?? '';
    const row = (cell: 'td' | 'th scope="col"', of: string): string[] =>
      [...of.matchAll(new RegExp(`<${cell}[^>]*>([^<]*)<`, 'g'))].map(([, text]) => text);
    expect(row('th scope="col"', table).slice(1)).toEqual([
      'slots, step 30',
      'slots along edges',
      'untrained',
      'k-means on colors',
    ]);
    expect(row('td', table).slice(0, 8)).toEqual(['30.0', '40.0', '5.0', '20.0', '15.0', '20.0', '2.5', '10.0']);
    expect(table).toContain('>–<');
  });

  it('puts the settings that make the run first, and the command that repeats it', async () => {
    const report = await reportOf();
    const changed = /<table><thead><tr><th scope="col">Changed from Quick.*?<\/table>/.exec(report)?.[0] ?? '';
    expect([...changed.matchAll(/<code>(\w+)<\/code>/g)].map(([, name]) => name)).toEqual([
      'steps',
      'seed',
      'prototypes',
      'teacherTemp',
    ]);
    expect(trainCommand(data)).toBe(
      "npm run train -- --images 'my photos' --preset quick --set steps=40 --set seed=7 --set prototypes=4 " +
        '--set teacherTemp=0.06 --steps 30',
    );
    expect(trainCommand({ ...data, images: { ...data.images, folder: undefined }, step: 40, startStep: 9 })).toBe(
      'npm run train -- --resume CHECKPOINT --preset quick --set steps=40 --set seed=7 --set prototypes=4 --set teacherTemp=0.06',
    );
    expect(report).toContain('Losses, last values: total 4.25');
    expect(report).toContain('1 min 15 s');
  });
});
