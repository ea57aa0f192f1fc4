/** Prototypes that the user merged or named, e.g. "sky". */
export interface PrototypeClass {
  /** '' if unnamed. */
  readonly name: string;
  /** Ascending. The first one gives the class its color and its index. */
  readonly prototypes: readonly number[];
}

/**
 * Classes of a model's prototypes that the user has named or merged, sorted by their first prototype. Every other
 * prototype is a class of its own, so each belongs to exactly one. Immutable.
 */
export type PrototypeClasses = readonly PrototypeClass[];

export const NO_CLASSES: PrototypeClasses = [];

/** Max characters of a name. */
export const MAX_NAME_LENGTH = 80;

/** The class of a prototype. */
export function classOf(classes: PrototypeClasses, prototype: number): PrototypeClass {
  return classes.find(({ prototypes }) => prototypes.includes(prototype)) ?? { name: '', prototypes: [prototype] };
}

/** All classes of a model of `count` prototypes, by their first prototype. */
export function listClasses(classes: PrototypeClasses, count: number): PrototypeClass[] {
  const leaders = leadersOf(classes, count);
  const stored = new Map(classes.map((one) => [one.prototypes[0], one]));
  return Array.from(leaders.keys())
    .filter((prototype) => leaders[prototype] === prototype)
    .map((prototype) => stored.get(prototype) ?? { name: '', prototypes: [prototype] });
}

/** First prototype of each prototype's class, [count]. */
export function leadersOf(classes: PrototypeClasses, count: number): Uint16Array {
  const leaders = Uint16Array.from({ length: count }, (_, prototype) => prototype);
  for (const { prototypes } of classes) for (const prototype of prototypes) leaders[prototype] = prototypes[0] ?? 0;
  return leaders;
}

/** Label of a class: its name, or the numbers of its slots, counted from 1. */
export function classLabel({ name, prototypes }: PrototypeClass): string {
  if (name !== '') return name;
  const numbers = prototypes.map((prototype) => prototype + 1);
  if (numbers.length === 1) return `Slot ${numbers.join()}`;
  const [shown, more] = numbers.length > 4 ? [numbers.slice(0, 3), ` + ${numbers.length - 3} more`] : [numbers, ''];
  return `Slots ${shown.join(' + ')}${more}`;
}

/** One line of at most `MAX_NAME_LENGTH` characters; '' if blank. */
export function tidyName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  // By code points, so that no surrogate pair is cut.
  return Array.from(line).slice(0, MAX_NAME_LENGTH).join('').trim();
}

/** Names the class of a prototype; '' restores the default name. */
export function renameClass(classes: PrototypeClasses, prototype: number, name: string): PrototypeClasses {
  const { prototypes } = classOf(classes, prototype);
  return replaced(classes, prototypes, [{ name: tidyName(name), prototypes }]);
}

/** Merges the classes of these prototypes. The result keeps the first name given. */
export function mergeClasses(classes: PrototypeClasses, prototypes: readonly number[]): PrototypeClasses {
  const merged = [...new Set(prototypes.flatMap((prototype) => classOf(classes, prototype).prototypes))].sort(
    (a, b) => a - b,
  );
  if (merged.length === 0) return classes;
  const name = merged.map((prototype) => classOf(classes, prototype).name).find((given) => given !== '') ?? '';
  return replaced(classes, merged, [{ name, prototypes: merged }]);
}

/** Splits a class into its prototypes; the first keeps the name. */
export function splitClass(classes: PrototypeClasses, prototype: number): PrototypeClasses {
  const { name, prototypes } = classOf(classes, prototype);
  return replaced(classes, prototypes, [{ name, prototypes: prototypes.slice(0, 1) }]);
}

/** True if both hold the same classes. */
export function sameClasses(one: PrototypeClasses, other: PrototypeClasses): boolean {
  const same = (a: PrototypeClass, b: PrototypeClass | undefined): boolean =>
    a.name === b?.name && a.prototypes.join() === b.prototypes.join();
  return one.length === other.length && one.every((each, at) => same(each, other[at]));
}

/** Replaces the classes that hold these prototypes by others. Unnamed classes of one prototype are implicit and dropped. */
export function replaced(
  classes: PrototypeClasses,
  prototypes: readonly number[],
  by: PrototypeClasses,
): PrototypeClasses {
  const gone = new Set(prototypes);
  return [...classes.filter((one) => !one.prototypes.some((prototype) => gone.has(prototype))), ...by]
    .filter((one) => one.name !== '' || one.prototypes.length > 1)
    .sort((a, b) => (a.prototypes[0] ?? 0) - (b.prototypes[0] ?? 0));
}
