import { describe, expect, it } from 'vitest';
import { profileOf } from '../../gpu/adapterProfile.ts';
import { everywhere } from '../../gpu/kernelChoices.ts';
import { REGISTER, type GemmStrategy } from '../../gpu/kernels/gemmCode.ts';
import { needsGpu, testDevice } from '../../testing/gpu.ts';
import { gemmStrategies } from '../../testing/runKernel.ts';
import { createCompiledEngine } from '../compiled/compiledEngine.ts';
import { tensorEngine } from '../engine.ts';
import { largestError } from './knownAnswer.ts';

/** The device with shaders rewritten, as a driver that misunderstands them. */
function misunderstanding(device: GPUDevice, rewrite: (code: string) => string): GPUDevice {
  return new Proxy(device, {
    get: (target, name) => {
      if (name === 'createShaderModule') {
        return (shader: GPUShaderModuleDescriptor) =>
          target.createShaderModule({ ...shader, code: rewrite(shader.code) });
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function errorWith(strategy: GemmStrategy, rewrite: (code: string) => string = (code) => code): Promise<number> {
  const profile = { ...profileOf({ software: true }), gemm: everywhere(strategy) };
  return largestError(tensorEngine(createCompiledEngine(misunderstanding(testDevice(), rewrite), profile)));
}

describe.each(gemmStrategies())('a known answer with $kind kernels', (strategy) => {
  needsGpu();

  it('is computed', async () => {
    expect(await errorWith(strategy)).toBeLessThan(1e-5);
  });

  it('differs where a driver gets a product wrong', async () => {
    expect(await errorWith(strategy, (code) => code.replace('fma(', 'fma(1.01 * '))).toBeGreaterThan(1e-3);
  });
});

describe('a known answer', () => {
  needsGpu();

  it.each<[string, (code: string) => string]>([
    ['a sum', (code) => code.replaceAll('a + b', 'a')],
    ['a reciprocal root', (code) => code.replaceAll('inverseSqrt(', 'sqrt(')],
    ['a logarithm of sums', (code) => code.replaceAll('exp(b.x - top)', '1.0')],
  ])('differs where a driver gets %s wrong', async (_, rewrite) => {
    expect(await errorWith(REGISTER, rewrite)).toBeGreaterThan(1e-3);
  });
});
