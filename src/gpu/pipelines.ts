import { HEAD_NUMBERS } from './kernel.ts';

/** Bytes of a table within a buffer of tables: uniforms begin at multiples of 256, and the head is always there. */
export function tableBytes(numbers: number): number {
  return Math.ceil(Math.max(numbers, HEAD_NUMBERS) / 64) * 256;
}

/** Compiles each shader once per device and binds memory to it. */
export class Pipelines {
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();
  private readonly layouts = new Map<number, GPUBindGroupLayout>();

  constructor(private readonly device: GPUDevice) {}

  /** Bindings of a kernel whose operands lie in `pages` buffers. */
  private layout(pages: number): GPUBindGroupLayout {
    let layout = this.layouts.get(pages);
    if (!layout) {
      const entry = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      });
      const arrays = Array.from({ length: pages }, (_, index) => entry(index + 2, 'storage'));
      const entries = [entry(0, 'uniform'), entry(1, 'read-only-storage'), ...arrays];
      layout = this.device.createBindGroupLayout({ entries });
      this.layouts.set(pages, layout);
    }
    return layout;
  }

  /** `code` and the number of pages as `shaderOf` gives them. Rejects with the compiler's message. */
  get(code: string, pages: number, label: string): Promise<GPUComputePipeline> {
    let pipeline = this.pipelines.get(code);
    if (!pipeline) {
      pipeline = this.device.createComputePipelineAsync({
        label,
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [this.layout(pages)] }),
        compute: { module: this.device.createShaderModule({ code, label }), entryPoint: 'main' },
      });
      this.pipelines.set(code, pipeline);
    }
    return pipeline;
  }

  /** `table`: `tableBytes` bytes of a buffer with UNIFORM and STORAGE usage. */
  bind(table: { buffer: GPUBuffer; offset: number; size: number }, pages: readonly GPUBuffer[]): GPUBindGroup {
    const entries = [
      { binding: 0, resource: { ...table, size: 4 * HEAD_NUMBERS } },
      { binding: 1, resource: table },
      ...pages.map((buffer, index) => ({ binding: index + 2, resource: { buffer } })),
    ];
    return this.device.createBindGroup({ layout: this.layout(pages.length), entries });
  }
}
