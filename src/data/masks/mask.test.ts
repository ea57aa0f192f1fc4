import { encode } from 'fast-png';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { colorValue, decodeMask, maskValueName } from './mask.ts';

/** A gradient with edges, so that the encoder uses every row filter. */
const [WIDTH, HEIGHT] = [23, 17];
const VALUES = Uint8Array.from(
  { length: WIDTH * HEIGHT },
  (_, i) => ((i % WIDTH) * 7 + Math.floor(i / WIDTH) ** 2) % 251,
);
const image = sharp(VALUES, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });

it.each([true, false])('reads gray values (adaptive filters: %s)', async (adaptiveFiltering) => {
  const png = await image.clone().toColourspace('b-w').png({ adaptiveFiltering }).toBuffer();
  expect(decodeMask(png, 'a.png')).toEqual({ width: WIDTH, height: HEIGHT, data: VALUES });
});

const palettes = [2, 4, 16, 200].flatMap((colors) => [false, true].map((progressive) => ({ colors, progressive })));
it.each(palettes)('reads the indices of a palette, not the colors: %j', async ({ colors, progressive }) => {
  const png = await image.clone().png({ palette: true, colors, progressive, dither: 0 }).toBuffer();
  expect(png[28]).toBe(Number(progressive));
  expect(png[25]).toBe(3);
  const mask = decodeMask(png, 'a.png');
  expect(Math.max(...mask.data)).toBeLessThan(colors);
  // Indices and colors of the decoded image map one to one.
  const decoded = await sharp(png).extractChannel(0).raw().toBuffer();
  const pairs = new Set(Array.from(mask.data, (index, i) => `${index} ${decoded[i]}`));
  expect(pairs.size).toBe(new Set(mask.data).size);
  expect(pairs.size).toBe(new Set(decoded).size);
});

it.each([false, true])('takes 16-bit values as classes as they are (interlaced: %s)', async (progressive) => {
  const values = Uint16Array.from(VALUES, (value) => 40 * value + 7);
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
  const png = await sharp(values, { raw }).toColourspace('grey16').png({ progressive }).toBuffer();
  expect([png[24], png[25]]).toEqual([16, 0]);
  expect(decodeMask(png, 'a.png')).toEqual({ width: WIDTH, height: HEIGHT, data: values });
});

it('ignores transparency beside gray values and in palettes', () => {
  const data = Uint8Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? at : 17 * at));
  const gray = encode({ width: 3, height: 2, data, channels: 2, depth: 8 });
  expect([...decodeMask(gray, 'a.png').data]).toEqual([0, 2, 4, 6, 8, 10]);
  const palette = [0, 40, 255].map((alpha) => [9, alpha, 3, alpha] as [number, number, number, number]);
  const indices = Uint8Array.of(2, 0, 1, 1, 0, 2);
  const indexed = encode({ width: 3, height: 2, data: indices, channels: 1, depth: 8, palette });
  expect(new TextDecoder('latin1').decode(indexed)).toContain('tRNS');
  expect([...decodeMask(indexed, 'a.png').data]).toEqual([...indices]);
});

it.each([3, 4] as const)('treats each color of %i channels as a class', async (channels) => {
  const png = await sharp({ create: { width: 2, height: 2, channels, background: '#123456' } })
    .png()
    .toBuffer();
  const { data } = decodeMask(png, 'b.png');
  expect([...data]).toEqual(new Array(4).fill(colorValue(0x12, 0x34, 0x56)));
  expect(maskValueName(data[0])).toBe('#123456');
  expect(maskValueName(17)).toBe('17');
});

it('names the file it refuses', async () => {
  const huge = new Uint8Array(await image.clone().png().toBuffer());
  new DataView(huge.buffer).setUint32(16, 2 ** 30);
  expect(() => decodeMask(huge, 'b.png')).toThrow('The mask "b.png" claims 1073741824×17 pixels');
  expect(() => decodeMask(Uint8Array.of(0xff, 0xd8), 'c.jpg')).toThrow('"c.jpg" is a JPEG');
  const gray = await image.clone().toColourspace('b-w').png().toBuffer();
  expect(() => decodeMask(gray.subarray(0, gray.length - 60), 'd.png')).toThrow('"d.png" can');
});
