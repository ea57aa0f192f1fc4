import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFile, checkFolder, makeFolder } from './outputPath.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'output-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

it('makes a folder at any depth, and checks one without leaving anything', () => {
  checkFolder(at('a/b/c'));
  expect(readdirSync(folder)).toEqual([]);
  expect(makeFolder(at('a/b'))).toEqual([at('a'), at('a/b')]);
  checkFolder(at('a/b'));
  expect(readdirSync(at('a/b'))).toEqual([]);
});

it.each(['/proc/x', '/proc/x/y', '/dev/null/x'])('%s is an error at once', (path) => {
  expect(() => checkFolder(path)).toThrow(`"${path}" can't be written`);
  expect(() => checkFile(join(path, 'file'), false)).toThrow("can't be written");
});

it('refuses a file in the place of a folder, a folder in the place of a file, and a file that is there', () => {
  writeFileSync(at('file'), 'kept');
  mkdirSync(at('folder'));
  expect(() => checkFolder(at('file'))).toThrow("can't be written");
  expect(() => checkFile(at('folder'), true)).toThrow('it is a folder; name a file');
  expect(() => checkFile(at('file'), false)).toThrow('add --overwrite to replace it');
  expect(() => checkFile(at('nowhere/file'), false)).toThrow("can't be written");
  checkFile(at('file'), true);
  checkFile(at('new'), false);
  expect(readdirSync(folder)).toEqual(['file', 'folder']);
});
