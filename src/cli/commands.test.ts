import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const DOCS = read('docs/commands.md');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

it.each(Object.keys(scripts))('docs/commands.md describes the script "%s"', (name) => {
  const command = name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;
  expect(DOCS).toMatch(new RegExp(`\`${command}( [^\`]*)?\``));
});

const COMMANDS = Object.keys(scripts).filter((name) => existsSync(new URL(`./${name}.ts`, import.meta.url)));

it.each(COMMANDS)('docs/commands.md describes every option of "%s"', (name) => {
  const [, usage = ''] = /const USAGE = `([^`]*)`/.exec(read(`src/cli/${name}.ts`)) ?? [];
  const [, section = ''] = DOCS.split(new RegExp(`^### \`npm run ${name}\\b`, 'm'));
  const [text = ''] = section.split(/^##+ /m);
  const options = [...new Set(usage.match(/--[a-z][a-z-]*/g))];
  expect(options).not.toEqual([]);
  expect(options.filter((option) => !text.includes(option))).toEqual([]);
});
