import { expect, it } from 'vitest';
import { profileOf } from './adapterProfile.ts';
import { choicesFromText, choicesToText } from './kernelChoices.ts';

const PROFILES = [{ software: false }, { software: true }, { software: true, subgroupSize: 4 }].map(profileOf);

it.each(PROFILES)('choices are read back from their text: $gemm.convolution.kind', ({ gemm, parallelism }) => {
  const product = { ...gemm.product, rows: 2 * gemm.product.rows, vectors: !gemm.product.vectors };
  for (const choices of [
    { gemm, parallelism },
    { gemm: { ...gemm, product }, parallelism: 16 },
  ]) {
    expect(choicesFromText(choicesToText(choices))).toEqual(choices);
  }
});

it.each([
  '',
  'tfjs',
  'convolution=register/8 product=register/8 parallelism=4',
  'convolution=register/8 product=tiles/8 weightGradient=register/8 parallelism=4',
  'convolution=register/8 product=register/8 weightGradient=register/8 parallelism=0',
])('no other text names kernels: %j', (text) => {
  expect(choicesFromText(text)).toBeUndefined();
});
