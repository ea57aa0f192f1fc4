import type { Optimizer } from './optimizer.ts';

/**
 * AdamW (Loshchilov & Hutter 2019) as PyTorch computes it, the decay decoupled and on every parameter:
 * p ← p·(1 − lr·wd); m ← β₁·m + (1−β₁)·g; v ← β₂·v + (1−β₂)·g²; p ← p − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 */
export const adamw: Optimizer = {
  slots: [
    { prefix: 'optimizer.exp_avg', torchName: 'exp_avg' },
    { prefix: 'optimizer.exp_avg_sq', torchName: 'exp_avg_sq' },
  ],
  scalars: ({ beta1, beta2 }, step) => ({
    biasCorrection1: 1 - beta1 ** (step + 1),
    rootBiasCorrection2: Math.sqrt(1 - beta2 ** (step + 1)),
  }),
  update: (config, _, { parameter, slots: [mean, square] }, gradient, scalars) => {
    const { beta1, beta2, adamEpsilon, weightDecay } = config;
    const { lr, biasCorrection1, rootBiasCorrection2 } = scalars;
    const decayed = parameter.mul(lr.mul(weightDecay).rsub(1));
    const m = mean.mul(beta1).add(gradient.mul(1 - beta1));
    const v = square.mul(beta2).add(gradient.square().mul(1 - beta2));
    const denominator = v.sqrt().div(rootBiasCorrection2).add(adamEpsilon);
    return { parameter: decayed.sub(m.div(denominator).mul(lr.div(biasCorrection1))), slots: [m, v] };
  },
  torchOptions: ({ beta1, beta2, adamEpsilon, weightDecay }) => ({
    betas: { floats: [beta1, beta2] },
    eps: { float: adamEpsilon },
    weight_decay: { float: weightDecay },
    amsgrad: false,
    foreach: null,
    maximize: false,
    capturable: false,
  }),
  fromTorchOptions: (option) => {
    const betas = option('betas');
    const [beta1, beta2, adamEpsilon] = [betas?.at(0), betas?.at(1), option('eps')?.at(0)];
    return Object.fromEntries(Object.entries({ beta1, beta2, adamEpsilon }).filter(([, value]) => value !== undefined));
  },
  torchCountsSteps: true,
};
