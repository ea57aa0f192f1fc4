import * as tf from '@tensorflow/tfjs';
import { errorMessage } from '../lib/errors.ts';
import { createRandom } from '../lib/random.ts';
import { valueOf, type Value } from '../ops/compiled/graph.ts';
import { createEngine } from '../ops/createEngine.ts';
import { openBackend } from '../ops/eager/backend.ts';
import type { Engine } from '../ops/engine.ts';
import { Tensor } from '../ops/tensor.ts';
import type { Bench, Benchmark } from './bench.ts';
import { jaxPass, openJax } from './jaxPeer.ts';
import { drawLayerData, layerFlop, passesOf, paddingOf, type Layer, type LayerData, type Pass } from './layers.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { checkSameNumbers, onTfjs, replay, type PassSide } from './sides.ts';

/** Each convolution and linear layer, forward and its gradients, against stock tfjs and jax-js. */
export function kernelBenchmark(layer: Layer): Benchmark {
  return {
    name: `kernel/${layer.name}`,
    run: async (bench) => {
      const data = drawLayerData(layer, createRandom(layer.name));
      await openBackend(bench.adapter);
      const engine = await createEngine(bench.adapter);
      for (const pass of passesOf(layer)) await comparePass(bench, engine, layer, pass, data);
    },
  };
}

async function comparePass(bench: Bench, engine: Engine, layer: Layer, pass: Pass, data: LayerData): Promise<void> {
  const name = `kernel/${layer.name} ${pass}`;
  const { device, rounds, clock } = bench;
  const ours = await ourPass(device, engine, layer, pass, data);
  const peers: Record<string, PassSide> = { tfjs: tfjsPass(device, layer, pass, data) };
  try {
    const result = await ours.values();
    checkSameNumbers('tfjs', result, await peers['tfjs'].values());
    try {
      peers['jax-js'] = jaxPass(await openJax(device), device, layer, pass, data);
      checkSameNumbers('jax-js', result, await peers['jax-js'].values());
    } catch (thrown) {
      delete peers['jax-js'];
      bench.skip(`${name} against jax-js`, errorMessage(thrown).split('\n')[0]);
    }
    const contenders = Object.fromEntries(
      Object.entries({ ours, ...peers }).map(([name, side]) => [name, side.contender]),
    );
    const times = await race(contenders, rounds, clock);
    const best = await bench.fmaGflops();
    for (const peer of Object.keys(peers)) {
      const row = toRow(name, 'ms', times['ours'], peer, times[peer]);
      const rate = (milliseconds: number): number => layerFlop(layer) / milliseconds / 1e6;
      const gflops = rate(row.ours);
      bench.add({ ...row, gflops, peerGflops: rate(row.peer), fmaShare: gflops / best });
    }
  } finally {
    for (const side of [ours, ...Object.values(peers)]) side.dispose();
  }
}

/** Compiles a pass with the compiled engine, with all of its dispatches: kernels, splits, sums, changes of layout. */
async function ourPass(
  device: GPUDevice,
  engine: Engine,
  layer: Layer,
  pass: Pass,
  data: LayerData,
): Promise<PassSide> {
  const x = engine.variable('x', data.shapes.x, data.x);
  const w = engine.variable('w', data.shapes.w, data.w);
  const dy = engine.variable('dy', data.shapes.y, data.dy);
  const options = { stride: layer.stride, padding: paddingOf(layer), dilation: 1 };
  const program = await engine.program<never, 'result'>({}, () => {
    // Only outputs are computed: neither the loss nor the gradients that are not returned.
    const { aux: y } = engine.gradients(() => {
      const output = layer.size === 0 ? x.value.matMul(w.value) : x.value.conv2d(w.value, options);
      return { loss: output.sum(), aux: output };
    }, [x, w]);
    if (pass === 'forward') return { result: y };
    const [output, gradient, target] = [y, dy.value, (pass === 'dX' ? x : w).value].map(({ handle }) =>
      valueOf(handle),
    );
    const pulled = pullBack(output, gradient, target);
    if (!pulled) throw new Error(`the output does not depend on the target of ${pass}`);
    return { result: new Tensor(engine.core.ops, pulled) };
  });
  return {
    contender: replay(device, program),
    values: async () => (await program.run({})).result,
    dispose: () => {
      program.dispose();
      for (const variable of [x, w, dy]) engine.discard(variable);
    },
  };
}

/** Returns ∂loss/∂target, given ∂loss/∂value. */
function pullBack(value: Value, gradient: Value, target: Value): Value | undefined {
  if (value === target) return gradient;
  const parts = value.backward?.(gradient) ?? [];
  for (const [index, part] of parts.entries()) {
    const found = part && pullBack(value.parents[index], part, target);
    if (found) return found;
  }
  return undefined;
}

/** Flag of tfjs, at its default here: matrix products may split their sums. */
const SPLIT_FLAG = 'WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL';

function tfjsPass(device: GPUDevice, layer: Layer, pass: Pass, data: LayerData): PassSide {
  const { shapes } = data;
  const x = tf.tensor(data.x, [...shapes.x]);
  const w = tf.tensor(data.w, [...shapes.w]);
  const dy = tf.tensor(data.dy, [...shapes.y]);
  const body = layer.size === 0 ? linearBody(pass, x, w, dy) : convBody(layer, pass, x, w, dy);
  const stock = (): tf.Tensor => {
    const ours = tf.env().getNumber(SPLIT_FLAG);
    tf.env().set(SPLIT_FLAG, -1);
    try {
      return body();
    } finally {
      tf.env().set(SPLIT_FLAG, ours);
    }
  };
  return {
    contender: onTfjs(device, stock),
    values: async () => {
      const result = tf.tidy(stock);
      const values = (await result.data()) as Float32Array;
      result.dispose();
      return values;
    },
    dispose: () => tf.dispose([x, w, dy]),
  };
}

function linearBody(pass: Pass, x: tf.Tensor, w: tf.Tensor, dy: tf.Tensor): () => tf.Tensor {
  switch (pass) {
    case 'forward':
      return () => tf.matMul(x, w);
    case 'dX':
      return () => tf.matMul(dy, w, false, true);
    case 'dW':
      return () => tf.matMul(x, dy, true, false);
  }
}

function convBody(layer: Layer, pass: Pass, x: tf.Tensor, w: tf.Tensor, dy: tf.Tensor): () => tf.Tensor {
  const shared = { strides: layer.stride, pad: paddingOf(layer), dataFormat: 'NHWC' };
  const kernel = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor =>
    tf.engine().runKernel(name, inputs, { ...shared, ...attributes });
  switch (pass) {
    case 'forward':
      return () => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, layer.stride, paddingOf(layer));
    case 'dX':
      return () => kernel('Conv2DBackpropInput', { dy, filter: w }, { inputShape: x.shape });
    case 'dW':
      return () => kernel('Conv2DBackpropFilter', { x, dy }, { filterShape: w.shape });
  }
}
