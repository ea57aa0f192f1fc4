import { floatBits, WGSL_DIVIDE } from '../../gpu/kernel.ts';
import { broadcastAccess, isSame } from './access.ts';
import type { Access, Operand, Term, Value } from './graph.ts';
import type { Materialization, Place } from './materialize.ts';

/** Load from memory inside a fused kernel. */
export interface Leaf {
  readonly place: Place;
  readonly access: Access;
}

/** Functions over T that expressions may call. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  // Abramowitz & Stegun 7.1.26: |error| < 1.5e-7.
  normalCdf: `fn normalCdf(x: T) -> T {
  let z = abs(x) * T(0.70710678118654752);
  let t = T(1) / (T(1) + T(0.3275911) * z);
  let tail = t * (T(0.254829592) + t * (T(-0.284496736) + t * (T(1.421413741) + t * (T(-1.453152027) + t * T(1.061405429)))));
  let half = T(0.5) * tail * exp(-z * z);
  return select(half, T(1) - half, x >= T(0));
}`,
  normalPdf: 'fn normalPdf(x: T) -> T { return T(0.3989422804014327) * exp(T(-0.5) * x * x); }',
  divide: WGSL_DIVIDE,
};

/** Returns the declarations that `code` uses, vector or scalar. */
export function prelude(code: string, vector: boolean): string {
  const used = Object.keys(FUNCTIONS).filter((name) => code.includes(`${name}(`));
  return [`alias T = ${vector ? 'vec4<f32>' : 'f32'};`, ...used.map((name) => FUNCTIONS[name])].join('\n');
}

/** Place of statements, and the loads that are the same throughout it. */
export interface Scope {
  /** Name of the u32 that counts elements. */
  readonly index: string;
  /** Loads that are the same in every iteration of the enclosing loop, and the index to load at. */
  readonly fixed?: { readonly index: string; holds(access: Access): boolean };
}

/** Statements in an order in which each name is defined before its use. */
export interface Statements {
  /** Statements to place before the loop. */
  readonly once: readonly string[];
  readonly each: readonly string[];
}

/**
 * Writes WGSL for values that are not in memory, from those that are; every value, index and load once. Whatever could
 * differ between two kernels of the same form (offsets, sizes, immediates) goes into a header of numbers, which are
 * read first: a load costs a CPU adapter as much as a dozen operations.
 */
export class ExpressionWriter {
  readonly leaves: Leaf[] = [];
  private readonly numbers: number[] = [];
  private readonly names = new Map<string, string>();
  private once: string[] = [];
  private each: string[] = [];
  private lines = this.each;
  private defined = 0;
  private scope: Scope = { index: 'i' };

  /** False once something was written that works on single elements only. */
  vectorizable = true;

  constructor(
    private readonly materialization: Materialization,
    readonly vector: boolean,
    /** Header positions taken by the kernel itself. */
    private readonly reserved: number,
  ) {}

  /** Starts a new scope, without the names defined before. */
  enter(scope: Scope): void {
    this.scope = scope;
    this.names.clear();
  }

  /** Statements since the last call; `«n»` stands for the array of leaf n. */
  take(): Statements {
    const { once, each } = this;
    this.once = [];
    this.lines = this.each = [];
    return { once, each };
  }

  /** The header behind the reserved positions: numbers, then the offset of each leaf. */
  header(offsets: readonly number[]): number[] {
    return [...this.numbers, ...this.leaves.map((_, index) => offsets[index])];
  }

  /** Statements that read the header; `number` writes the read of a position. */
  headerReads(number: (position: number) => string): string[] {
    const offsets = this.reserved + this.numbers.length;
    return [
      ...this.numbers.map((_, index) => `let n${index} = ${number(this.reserved + index)};`),
      ...this.leaves.map((_, leaf) => `let p${leaf} = ${number(offsets + leaf)};`),
    ];
  }

  /** Replaces the placeholders of leaves by the names of arrays. */
  finish(code: string, arrays: readonly string[]): string {
    return code.replace(/«(\d+)»/g, (_, leaf: string) => arrays[Number(leaf)]);
  }

  /** Adds a number to the header and returns its name. */
  private number(number: number): string {
    return `n${this.numbers.push(number) - 1}`;
  }

  /** Defines a name for `code`, once per key in a scope, and returns it. */
  private define(key: string, code: () => string, type = 'let'): string {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const text = code();
    const name = `v${this.defined++}`;
    this.names.set(key, name);
    this.lines.push(`${type} ${name} = ${text};`);
    return name;
  }

  /** Returns the name of the value that a kernel stores in the memory of `target`. */
  content(target: Value): string {
    const value = target.origin.kind === 'assigned' ? target.origin.value : target;
    const place = this.materialization.place(value);
    return place === undefined || place.base === target ? this.compute(value, false) : this.value(value);
  }

  /** Returns the name of a value at the scope's index. */
  value(value: Value): string {
    return this.operand({ value }, value.shape);
  }

  /** Returns the name of an operand of a value of `shape`, at the scope's index. */
  operand(operand: Operand, shape: readonly number[]): string {
    if ('immediate' in operand) return `T(bitcast<f32>(${this.number(floatBits(operand.immediate))}))`;
    const { value } = operand;
    const access = operand.access ?? broadcastAccess(value.shape, shape);
    const inner = this.read(value, access);
    if (!access.window || access.terms.length > 0) return inner;
    const { start } = access.window;
    this.vectorizable = false;
    const { index } = this.scope;
    return this.define(`at ${start} ${inner}`, () => `select(T(0), ${inner}, ${index} == ${this.number(start)})`);
  }

  private read(value: Value, access: Access): string {
    const place = this.materialization.place(value);
    if (place) return this.load(place, access);
    if (access.terms.length > 0 && !isSame(access))
      throw new Error(`value ${value.id} is broadcast but not materialized`);
    return this.compute(value, access.terms.length === 0);
  }

  /** Writes the expression of a map; `single`: one number for all elements. */
  private compute(value: Value, single: boolean): string {
    if (value.origin.kind === 'view') return this.compute(value.origin.of, single);
    if (value.origin.kind !== 'map') throw new Error(`value ${value.id} is neither materialized nor a map`);
    const { operands, expression } = value.origin.map;
    return this.define(`value ${value.id}`, () =>
      expression(
        operands.map((operand) =>
          this.operand(single && 'value' in operand ? { ...operand, access: { terms: [] } } : operand, value.shape),
        ),
      ),
    );
  }

  private load(place: Place, access: Access): string {
    const key = `load ${place.base.id} ${place.start} ${JSON.stringify(access)}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const leaf = this.leaves.push({ place, access }) - 1;
    if (access.window && access.terms.length > 0) return this.loadWindow(key, leaf, access.window);
    const { fixed, index } = this.scope;
    const isFixed = fixed !== undefined && (access.terms.length === 0 || fixed.holds(access));
    if (isFixed) this.lines = this.once;
    const name = this.define(key, () => this.element(leaf, this.index(access.terms, isFixed ? fixed.index : index)));
    this.lines = this.each;
    return name;
  }

  /** Zero outside of the window. */
  private loadWindow(key: string, leaf: number, window: { start: number; count: number }): string {
    const at = this.define(`from ${window.start}`, () => `${this.scope.index} - ${this.number(window.start)}`);
    const name = this.define(key, () => 'T(0)', 'var');
    this.lines.push(`if (${at} < ${this.number(window.count)}) { ${name} = ${this.element(leaf, at)}; }`);
    return name;
  }

  private element(leaf: number, at: string): string {
    const place = `(p${leaf} + ${at})`;
    if (!this.vector) return `«${leaf}»[${place}]`;
    const { access } = this.leaves[leaf];
    return isWide(access) ? `«${leaf}»[${place} >> 2u]` : `T(«${leaf}»[${place} >> 2u][${place} & 3u])`;
  }

  /** Σ ((i / divisor) mod modulus)·stride as an expression. */
  private index(terms: readonly Term[], index: string): string {
    const parts = terms.map(({ divisor, modulus, stride }) => {
      const quotient = divisor === 1 ? index : this.quotient(index, divisor);
      const rest =
        modulus === undefined
          ? quotient
          : this.define(
              `rest ${quotient} ${modulus}`,
              () => `${quotient} - ${this.quotient(quotient, modulus)} * ${this.number(modulus)}`,
            );
      if (stride === 1) return rest;
      return this.define(`stride ${rest} ${stride}`, () => `${rest} * ${this.number(stride)}`);
    });
    return parts.length === 0 ? '0u' : parts.join(' + ');
  }

  private quotient(dividend: string, divisor: number): string {
    return this.define(`quotient ${dividend} ${divisor}`, () => {
      const inverse = this.number(floatBits(1 / divisor));
      return `divide(${dividend}, ${this.number(divisor)}, bitcast<f32>(${inverse}))`;
    });
  }
}

/** Minimum elements for vectors: they load faster, but CPU adapters take four times as long to compile them. */
export const MIN_VECTOR = 2 ** 17;

/** Four neighbors of the output read four neighbors of the operand. */
function isWide({ terms }: Access): boolean {
  return terms.length > 0 && terms[0].divisor === 1;
}

/** Whether groups of four elements can be read as vectors or as one number four times. */
export function isVectorizable({ place, access }: Leaf): boolean {
  const { terms, window } = access;
  if (window && (window.start % 4 !== 0 || window.count % 4 !== 0)) return false;
  const rest = isWide(access) ? terms.slice(1) : terms;
  if (isWide(access)) {
    const [{ modulus, stride }] = terms;
    if (stride !== 1 || (modulus ?? 4) % 4 !== 0 || place.start % 4 !== 0) return false;
    if (rest.some((term) => term.stride % 4 !== 0)) return false;
  }
  return rest.every((term) => term.divisor % 4 === 0);
}
