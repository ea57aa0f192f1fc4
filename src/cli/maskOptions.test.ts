import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_MASK_OPTIONS, MASK_FORMS } from '../domain/maskForms.ts';
import { MASK_FLAGS, MASKS_USAGE, parseMaskOptions } from './maskOptions.ts';

it('options name forms, objects and the smallest region', () => {
  expect(parseMaskOptions({})).toEqual(DEFAULT_MASK_OPTIONS);
  const all = { 'masks-as': 'yolo, overlay,yolo', 'masks-per': 'region', 'masks-min-region': '0,5%' };
  expect(parseMaskOptions(all)).toEqual({ forms: ['yolo', 'overlay'], per: 'region', minRegion: 0.005, edges: true });
  expect(() => parseMaskOptions({ 'masks-as': 'png,labelme' })).toThrow(/--masks-as is "labelme".*coco-polygons/);
  for (const text of ['', '-1', '101', 'few']) {
    expect(() => parseMaskOptions({ 'masks-min-region': text })).toThrow(/percentage from 0 to 100/);
  }
});

it.each(['docs/commands.md', 'docs/formats.md'])('%s names every form, and the usage every option', (path) => {
  const docs = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  for (const { id } of MASK_FORMS) expect(docs).toContain(`\`${id}`);
  for (const flag of Object.keys(MASK_FLAGS)) expect(MASKS_USAGE).toContain(`--${flag} `);
});
