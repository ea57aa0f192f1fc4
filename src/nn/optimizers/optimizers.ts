import type { Config } from '../../config/fields.ts';
import { adamw } from './adamw.ts';
import { lars } from './lars.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** Optimizer of each choice of the field `optimizer`. */
export const OPTIMIZERS: Readonly<Record<Config['optimizer'], Optimizer>> = { lars, sgd, adamw };
