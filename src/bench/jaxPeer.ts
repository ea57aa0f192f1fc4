import { sizeOf } from '../lib/shape.ts';
import type * as JaxModule from '@jax-js/jax';
import type { Array as JaxArray } from '@jax-js/jax';
import { paddingOf, type Layer, type LayerData, type Pass } from './layers.ts';
import type { PassSide } from './sides.ts';

type Jax = typeof JaxModule;

let opening: Promise<Jax> | undefined;

/** Opens jax-js on the given device, once per process; rejects with the reason where it fails. */
export function openJax(device: GPUDevice): Promise<Jax> {
  return (opening ??= open(device));
}

async function open(device: GPUDevice): Promise<Jax> {
  const { gpu } = navigator;
  // jax-js requests a device of its own; both sides must queue on the same one.
  const lent = { features: device.features, limits: device.limits, requestDevice: async () => device };
  const inherited = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async () => lent as unknown as GPUAdapter;
  try {
    const jax = await import('@jax-js/jax');
    await jax.init('webgpu');
    jax.defaultDevice('webgpu');
    if (jax.getWebGPUDevice() !== device) throw new Error('jax-js runs on a device of its own');
    return jax;
  } finally {
    gpu.requestAdapter = inherited;
  }
}

/** Axis orders of jax-js: images are NCHW, kernels OIHW. */
const MOVED = { image: [0, 3, 1, 2], kernel: [3, 2, 0, 1] } as const;

/** One pass of a layer under `jit`. */
export function jaxPass(jax: Jax, device: GPUDevice, layer: Layer, pass: Pass, data: LayerData): PassSide {
  const { shapes } = data;
  const upload = (values: Float32Array<ArrayBuffer>, shape: readonly number[], order: readonly number[]): JaxArray => {
    const moved = layer.size === 0 ? { values, shape } : transpose(values, shape, order);
    return jax.numpy.array(moved.values).reshape([...moved.shape]);
  };
  const x = upload(data.x, shapes.x, MOVED.image);
  const w = upload(data.w, shapes.w, MOVED.kernel);
  const dy = upload(data.dy, shapes.y, MOVED.image);
  const pad = paddingOf(layer);
  const padding: [number, number][] = [
    [pad, pad],
    [pad, pad],
  ];
  const forward = (a: JaxArray, b: JaxArray): JaxArray =>
    layer.size === 0 ? jax.numpy.matmul(a, b) : jax.lax.convGeneralDilated(a, b, [layer.stride, layer.stride], padding);
  const { run, release } = compile(jax, forward, pass, x, w, dy);
  return {
    contender: async (times) => {
      const results = Array.from({ length: times }, run);
      // Submits the work and frees the result without reading it.
      await Promise.all(results.map((result) => result.gpuBuffer()));
      await device.queue.onSubmittedWorkDone();
    },
    values: async () => (await run().data()) as Float32Array,
    dispose: () => {
      release();
      for (const array of [x, w, dy]) array.dispose();
    },
  };
}

type Binary = (a: JaxArray, b: JaxArray) => JaxArray;

/** Functions of jax-js use up their arguments; `ref` keeps one. */
function compile(jax: Jax, forward: Binary, pass: Pass, x: JaxArray, w: JaxArray, dy: JaxArray) {
  if (pass === 'forward') {
    const compiled = jax.jit(forward);
    return { run: () => compiled(x.ref, w.ref), release: () => compiled.dispose() };
  }
  // The backward pass alone: the forward one has run when this is timed, as in training.
  const partial = pass === 'dX' ? (a: JaxArray) => forward(a, w.ref) : (b: JaxArray) => forward(x.ref, b);
  const [y, pull] = jax.vjp(partial, [pass === 'dX' ? x.ref : w.ref]);
  y.dispose();
  const compiled = jax.jit((gradient: JaxArray) => pull(gradient)[0]);
  return {
    run: () => compiled(dy.ref),
    release: () => {
      compiled.dispose();
      pull.dispose();
    },
  };
}

/** The same tensor with its axes in another order: axis i of the result is axis order[i] of `values`. */
export function transpose(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  order: readonly number[],
): { values: Float32Array<ArrayBuffer>; shape: number[] } {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const moved = order.map((axis) => shape[axis]);
  const result = new Float32Array(values.length);
  const index = moved.map(() => 0);
  for (let at = 0; at < result.length; at++) {
    result[at] = values[index.reduce((from, position, axis) => from + position * strides[order[axis]], 0)];
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === moved[axis]; axis--) index[axis] = 0;
  }
  return { values: result, shape: moved };
}
