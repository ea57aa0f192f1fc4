import { floatBits } from '../gpu/kernel.ts';

/** Chains of multiply-adds that don't wait for each other: enough to hide latency, few enough for 16 registers. */
const CHAINS = [8, 12, 16];
/** Multiply-adds of each chain in a turn of the loop, so that counting the turns takes no part in it. */
const UNROLLED = 8;
const THREADS = 64;
const TRIES = 6;
/** Minimum milliseconds of a dispatch that counts. */
const LONG_ENOUGH = 10;
const MAX_TURNS = 1 << 24;

/**
 * Nothing but multiply-adds on registers. The bound of the loop lies in memory, so that no compiler unrolls it; the
 * numbers tend to 2 and never become denormal.
 */
function fmaShader(chains: number): string {
  const each = (line: (index: number) => string): string =>
    Array.from({ length: chains }, (_, index) => line(index)).join(' ');
  const turn = each((i) => `x${i} = fma(x${i}, numbers.factor, numbers.term);`);
  return `
struct Numbers { turns: u32, factor: f32, term: f32 }
@group(0) @binding(0) var<storage, read> given: Numbers;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let numbers = given;
  ${each((i) => `var x${i} = f32(id.x + ${i}u);`)}
  for (var i = 0u; i < numbers.turns; i++) {
    ${Array.from({ length: UNROLLED }, () => turn).join('\n    ')}
  }
  result[id.x] = ${Array.from({ length: chains }, (_, i) => `x${i}`).join(' + ')};
}`;
}

/** Measures the peak rate of 32-bit multiply-adds of an adapter, in GFLOP/s. */
export async function measureFmaRate(device: GPUDevice, software: boolean, clock: () => number): Promise<number> {
  const workgroups = software ? 64 : 4096;
  const result = device.createBuffer({ size: 4 * THREADS * workgroups, usage: GPUBufferUsage.STORAGE });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const given = device.createBuffer({ size: 12, usage });
  let best = 0;
  for (const chains of CHAINS) {
    const module = device.createShaderModule({ code: fmaShader(chains) });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const entries = [given, result].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    for (let turns = 1 << 8, tries = 0; tries < TRIES && turns <= MAX_TURNS;) {
      device.queue.writeBuffer(given, 0, Uint32Array.of(turns, floatBits(0.5), floatBits(1)));
      const milliseconds = await timeDispatch(device, pipeline, bindings, workgroups, clock);
      if (milliseconds < LONG_ENOUGH) {
        turns *= 2;
        continue;
      }
      tries++;
      best = Math.max(best, (2 * chains * UNROLLED * turns * workgroups * THREADS) / milliseconds / 1e6);
    }
  }
  result.destroy();
  given.destroy();
  if (best === 0) throw new Error(`${MAX_TURNS} turns of multiply-adds took no time: they were not run`);
  return best;
}

async function timeDispatch(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: GPUBindGroup,
  workgroups: number,
  clock: () => number,
): Promise<number> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.dispatchWorkgroups(workgroups);
  pass.end();
  const commands = encoder.finish();
  await device.queue.onSubmittedWorkDone();
  const started = clock();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return clock() - started;
}
