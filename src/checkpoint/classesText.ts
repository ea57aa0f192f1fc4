import { UserError } from '../lib/errors.ts';
import {
  MAX_NAME_LENGTH,
  NO_CLASSES,
  replaced,
  tidyName,
  type PrototypeClass,
  type PrototypeClasses,
} from '../domain/classes.ts';

/** Above the length of 4096 classes with the longest names. */
const MAX_TEXT_LENGTH = 2_000_000;

/** Classes as JSON, for the metadata of a checkpoint. */
export function classesToText(classes: PrototypeClasses): string {
  return JSON.stringify(classes.map(({ name, prototypes }) => ({ name, prototypes })));
}

/** Inverse of `classesToText` for a model of `count` prototypes. Throws `checkpoint/metadata` unless each prototype occurs at most once. */
export function classesFromText(text: string, count: number): PrototypeClasses {
  if (text.length > MAX_TEXT_LENGTH) throw unreadable(`has ${text.length} characters; ${MAX_TEXT_LENGTH} are the most`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unreadable('is not valid JSON');
  }
  if (!Array.isArray(parsed)) throw unreadable('is not a list');
  const classes = parsed.map((entry: unknown, at) => readClass(entry, at + 1, count));
  const taken = new Set<number>();
  for (const prototype of classes.flatMap(({ prototypes }) => prototypes)) {
    if (taken.has(prototype)) throw unreadable(`names prototype ${prototype} twice`);
    taken.add(prototype);
  }
  return replaced(NO_CLASSES, [], classes);
}

function readClass(entry: unknown, position: number, count: number): PrototypeClass {
  const { name, prototypes } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name.length > 2 * MAX_NAME_LENGTH || Array.from(name).length > MAX_NAME_LENGTH) {
    throw unreadable(`has no name of at most ${MAX_NAME_LENGTH} characters in entry ${position}`);
  }
  const fits = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) < count;
  if (!Array.isArray(prototypes) || prototypes.length === 0 || !prototypes.every(fits)) {
    throw unreadable(`has no prototypes between 0 and ${count - 1} in entry ${position}`);
  }
  return { name: tidyName(name), prototypes: prototypes.toSorted((a, b) => a - b) };
}

function unreadable(problem: string): UserError {
  return new UserError(
    'checkpoint/metadata',
    `The checkpoint's field "classes", the names of its prototypes, ${problem}. The file is damaged or was edited: use another, or remove the field.`,
  );
}
