import type { Optimizer } from './optimizer.ts';

/**
 * LARS (You et al. 2017) as in the published runs: g ← g + wd·p, then g ← g·η‖p‖/‖g‖ where both norms are positive;
 * μ ← m·μ + g; p ← p − lr·μ. 1-D tensors (BatchNorm, biases) use the raw gradient: no decay, no adaptation.
 */
export const lars: Optimizer = {
  slots: [{ prefix: 'optimizer', torchName: 'mu' }],
  scalars: () => ({}),
  update: (config, dimensions, { parameter, slots: [momentum] }, gradient, scalars) => {
    const { momentum: m, weightDecay, trustCoefficient, lrFactor1d } = config;
    let g = gradient;
    let { lr } = scalars;
    if (dimensions === 1) {
      lr = lr.mul(lrFactor1d);
    } else {
      g = g.add(parameter.mul(weightDecay));
      const pNorm = parameter.norm();
      const gNorm = g.norm();
      const bothPositive = pNorm.greater(0).mul(gNorm.greater(0));
      g = g.mul(pNorm.mul(trustCoefficient).div(gNorm).where(bothPositive, 1));
    }
    const next = momentum.mul(m).add(g);
    return { parameter: parameter.sub(next.mul(lr)), slots: [next] };
  },
  torchOptions: ({ weightDecay, momentum, trustCoefficient }) => ({
    weight_decay: { float: weightDecay },
    momentum: { float: momentum },
    eta: { float: trustCoefficient },
    weight_decay_filter: null,
    lars_adaptation_filter: null,
  }),
  fromTorchOptions: (option) => {
    const eta = option('eta')?.at(0);
    return eta === undefined ? {} : { trustCoefficient: eta };
  },
  torchCountsSteps: false,
};
