import { normsOf, parametersOf, PREFIX, type Networks, type Part } from '../../slotcon/networks.ts';

/** Prefix of every name in PyTorch's DistributedDataParallel. */
export const MODULE = 'module.';

/** Networks by their prefix, in the order in which the published model registers them. */
const NETWORKS: readonly { readonly prefix: string; readonly part: Part }[] = [
  { prefix: PREFIX.student.encoder, part: 'encoder' },
  { prefix: PREFIX.teacher.encoder, part: 'encoder' },
  { prefix: PREFIX.student.projector, part: 'projector' },
  { prefix: PREFIX.teacher.projector, part: 'projector' },
  { prefix: PREFIX.student.grouping, part: 'grouping' },
  { prefix: PREFIX.teacher.grouping, part: 'grouping' },
  { prefix: PREFIX.student.predictor, part: 'predictor' },
];

/**
 * Names in the order of `model.parameters()`, whose indices the optimizer's state uses. Includes the teacher's parameters,
 * although they have no gradients.
 */
export function publishedParameters(networks: Networks): string[] {
  return NETWORKS.flatMap(({ prefix, part }) => parametersOf(networks, part).map(({ name }) => `${prefix}.${name}`));
}

/** Names of the state_dict in its order, without `module.`: the model's own buffer, then parameters and buffers by layer. */
export function publishedKeys(networks: Networks): string[] {
  const norms = new Set(
    NETWORKS.flatMap(({ prefix, part }) => normsOf(networks, part).map(({ name }) => `${prefix}.${name}`)),
  );
  const withBuffers = publishedParameters(networks).flatMap((name) => {
    const norm = name.replace(/\.bias$/, '');
    if (norm === name || !norms.has(norm)) return [name];
    return [name, `${norm}.running_mean`, `${norm}.running_var`, `${norm}.num_batches_tracked`];
  });
  return ['center', ...withBuffers];
}
