import { UserError } from '../lib/errors.ts';
import {
  MOST_NAME_LENGTH,
  NO_CLASSES,
  replaced,
  tidyName,
  type PrototypeClass,
  type PrototypeClasses,
} from '../domain/classes.ts';

/** More than the classes of 4096 prototypes with the longest names take. */
const MOST_TEXT_LENGTH = 2_000_000;

/** As the metadata of a checkpoint: JSON. */
export function classesToText(classes: PrototypeClasses): string {
  return JSON.stringify(classes.map(({ name, prototypes }) => ({ name, prototypes })));
}

/** The inverse for a model of `count` prototypes; throws `checkpoint/metadata` for anything that isn't a partition. */
export function classesFromText(text: string, count: number): PrototypeClasses {
  if (text.length > MOST_TEXT_LENGTH)
    throw unreadable(`has ${text.length} characters; ${MOST_TEXT_LENGTH} are the most`);
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
  if (typeof name !== 'string' || name.length > 2 * MOST_NAME_LENGTH || [...name].length > MOST_NAME_LENGTH) {
    throw unreadable(`has no name of at most ${MOST_NAME_LENGTH} characters in entry ${position}`);
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
