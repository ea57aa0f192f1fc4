import type { Access } from '../graph.ts';

/** A value that the kernel has computed itself. */
export interface Given {
  readonly name: string;
  /** The elements it is known for, from the scope's index. */
  readonly access: Access;
}

/** Place of statements, and the loads that are the same throughout it. */
export interface Scope {
  /** Name of the u32 that counts elements. */
  readonly index: string;
  /** It is the same for four neighbors of the output: vectors are one number four times. */
  readonly single?: boolean;
  /** Loads that are the same in every iteration of the enclosing loop, and the index to load at. */
  readonly fixed?: { readonly index: string; holds(access: Access): boolean };
}

/** Statements in an order in which each name is defined before its use. */
export interface Statements {
  /** Statements to place before the loop. */
  readonly once: readonly string[];
  readonly each: readonly string[];
}
