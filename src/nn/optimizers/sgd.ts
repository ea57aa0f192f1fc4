import type { Optimizer } from './optimizer.ts';

/**
 * PyTorch's SGD: decay on everything, μ ← m·μ + g, p ← p − lr·μ. Its first momentum is the gradient itself, which is
 * equivalent to a momentum initialized to 0.
 */
export const sgd: Optimizer = {
  slots: [{ prefix: 'optimizer', torchName: 'momentum_buffer' }],
  scalars: () => ({}),
  update: ({ momentum: m, weightDecay }, _, { parameter, slots: [momentum] }, gradient, { lr }) => {
    const g = gradient.add(parameter.mul(weightDecay));
    const next = momentum.mul(m).add(g);
    return { parameter: parameter.sub(next.mul(lr)), slots: [next] };
  },
  torchOptions: ({ weightDecay, momentum }) => ({
    weight_decay: { float: weightDecay },
    momentum: { float: momentum },
    dampening: { int: 0 },
    nesterov: false,
    maximize: false,
    foreach: null,
    differentiable: false,
  }),
  fromTorchOptions: () => ({}),
  torchCountsSteps: false,
};
