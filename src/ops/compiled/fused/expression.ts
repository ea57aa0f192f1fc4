import { floatBits } from '../../../gpu/kernel.ts';
import { broadcastAccess, isEqual, isSame } from '../access.ts';
import { defined } from '../../../lib/defined.ts';
import { sizeOf } from '../../../lib/shape.ts';
import { follow, type Access, type Operand, type Term, type Value } from '../graph.ts';
import type { Materialization, Place } from '../materialize.ts';
import type { Given, Scope, Statements } from './scope.ts';
import { isSingle, isVectorizable, isWide, staysWide, type Leaf } from './vectors.ts';

/**
 * Writes WGSL for values that are not in memory, from those that are; every value, index and load once. Whatever could
 * differ between two kernels of the same form (offsets, sizes, immediates) goes into a header of numbers, which are
 * read first: a load costs a CPU adapter as much as a dozen operations.
 */
export class ExpressionWriter {
  readonly leaves: Leaf[] = [];
  private readonly numbers: number[] = [];
  private readonly names = new Map<string, string>();
  /** Names defined before a loop over a row, which its later loops know as well. */
  private readonly lasting = new Map<string, string>();
  private once: string[] = [];
  private each: string[] = [];
  private lines = this.each;
  private defined = 0;
  private scope: Scope = { index: 'i' };
  private readonly given = new Map<Value, Given>();

  /** False once something was written that works on single elements only. */
  vectorizable = true;
  /** True once a given value was needed at another position than it is given at. */
  gaveOtherwise = false;

  constructor(
    private readonly materialization: Materialization,
    readonly vector: boolean,
    /** Header positions taken by the kernel itself. */
    private readonly reserved: number,
  ) {}

  /** In this scope from here on, uses a name for a value instead of loading it. */
  give(value: Value, given: Given): void {
    this.given.set(value, given);
  }

  /** Starts a new scope, without the names defined before. */
  enter(scope: Scope): void {
    this.scope = scope;
    this.names.clear();
    this.given.clear();
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

  private ownKey(key: string): string {
    return `${this.scope.index} ${key}`;
  }

  /** Defines a name for `code`, once per key and index, and returns it. */
  private define(key: string, code: () => string, type = 'let'): string {
    const own = this.ownKey(key);
    const names = this.lines === this.once ? this.lasting : this.names;
    const known = names.get(own);
    if (known !== undefined) return known;
    const text = code();
    const name = `v${this.defined++}`;
    names.set(own, name);
    this.lines.push(`${type} ${name} = ${text};`);
    return name;
  }

  /** Returns the name of the value that a kernel stores in the memory of `target`. */
  content(target: Value): string {
    const value = target.origin.kind === 'assigned' ? target.origin.value : target;
    const place = this.materialization.place(value);
    return place?.base === target ? this.compute(follow(value).base, false) : this.value(value);
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
    const { base, start, whole } = follow(value);
    if (whole && sizeOf(base.shape) === 1) return this.compute(base, true);
    return whole && isSame(access) ? this.compute(base, false) : this.computeAt(base, access, start);
  }

  /** Computes the element of a map that an access of the scope's index leads to, from element `start` of the map on. */
  private computeAt(base: Value, access: Access, start: number): string {
    const { scope, lines } = this;
    const { fixed } = scope;
    const isFixed = fixed?.holds(access) === true;
    if (isFixed) this.lines = this.once;
    const single = scope.single === true || isSingle(access);
    if (!single && !(isWide(access) && staysWide(access, start))) this.vectorizable = false;
    const index = this.index(access.terms, isFixed ? fixed.index : scope.index);
    const at = this.define(`index ${JSON.stringify(access)} ${start}`, () => `${index} + ${this.number(start)}`);
    this.scope = { index: at, single };
    const name = this.compute(base, false);
    this.scope = scope;
    this.lines = lines;
    return name;
  }

  /** Writes the expression of a map; `single`: one number for all elements. */
  private compute(value: Value, single: boolean): string {
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
    const given = this.given.get(place.base);
    if (given) {
      if (place.start !== 0 || !isEqual(access, given.access) || this.scope.fixed === undefined)
        this.gaveOtherwise = true;
      return given.name;
    }
    const { lines, scope } = this;
    const { fixed, index } = scope;
    const key = `load ${place.base.id} ${place.start} ${JSON.stringify(access)}`;
    if (access.window && access.terms.length > 0) return this.loadWindow(key, place, access);
    const isFixed = fixed?.holds(access) === true;
    if (isFixed) this.lines = this.once;
    const name = this.define(key, () =>
      this.element(this.leaf(place, access), this.index(access.terms, isFixed ? fixed.index : index)),
    );
    this.lines = lines;
    return name;
  }

  private leaf(place: Place, access: Access): number {
    const leaf = { place, access };
    if (this.scope.single !== true && !isVectorizable(leaf)) this.vectorizable = false;
    return this.leaves.push(leaf) - 1;
  }

  /** Zero outside of the window. */
  private loadWindow(key: string, place: Place, access: Access): string {
    const { start, count } = defined(access.window, 'window');
    const known = this.names.get(this.ownKey(key));
    if (known !== undefined) return known;
    const at = this.define(`from ${start}`, () => `${this.scope.index} - ${this.number(start)}`);
    const name = this.define(key, () => 'T(0)', 'var');
    const value = this.element(this.leaf(place, access), at);
    this.lines.push(`if (${at} < ${this.number(count)}) { ${name} = ${value}; }`);
    return name;
  }

  private element(leaf: number, at: string): string {
    const place = `(p${leaf} + ${at})`;
    if (!this.vector) return `«${leaf}»[${place}]`;
    const isVector = this.scope.single !== true && isWide(this.leaves[leaf].access);
    return isVector ? `«${leaf}»[${place} >> 2u]` : `T(«${leaf}»[${place} >> 2u][${place} & 3u])`;
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
