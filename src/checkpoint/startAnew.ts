import type { Config } from '../config/fields.ts';
import { PREFIX } from '../slotcon/networks.ts';
import { matchBackbone, startFromBackbone, type BackboneMatch } from './backbone.ts';
import type { Checkpoint } from './checkpoint.ts';

/** A new run, with what it took over. */
export interface NewStart {
  readonly checkpoint: Checkpoint;
  readonly match: BackboneMatch;
  /** False if heads and prototypes start fresh, because the settings give them other shapes. */
  readonly tookHeads: boolean;
}

const ENCODERS = [PREFIX.student.encoder, PREFIX.teacher.encoder];
const isOfEncoder = (name: string): boolean => ENCODERS.some((prefix) => name.startsWith(`${prefix}.`));

/**
 * A new run with the weights of another: step 0, fresh momenta, and the schedule of `config`. Both networks go on where they
 * were if all their tensors fit; otherwise both encoders start from the teacher's, and heads and prototypes are fresh. Throws a
 * UserError `backbone/no-match` if the encoder doesn't fit either.
 */
export function startAnew(from: Checkpoint, config: Config): NewStart {
  const weights = new Map([...from.tensors].filter(([name]) => !name.startsWith('optimizer.')));
  const match = matchBackbone({ tensors: weights }, config);
  const fresh = startFromBackbone(match, config);
  const trained = [...fresh.tensors].filter(([name]) => !name.startsWith('optimizer.'));
  const fits = ([name, { shape }]: (typeof trained)[number]): boolean => {
    const own = from.tensors.get(name);
    return own?.dtype === fresh.tensors.get(name)?.dtype && own?.shape.join() === shape.join();
  };
  const tookHeads = trained.filter(([name]) => !isOfEncoder(name)).every(fits);
  if (!tookHeads) return { checkpoint: fresh, match, tookHeads };
  const tensors = new Map(fresh.tensors);
  for (const entry of trained.filter(fits)) {
    const own = from.tensors.get(entry[0]);
    if (own) tensors.set(entry[0], own);
  }
  return { checkpoint: { ...fresh, tensors, classes: from.classes }, match, tookHeads };
}
