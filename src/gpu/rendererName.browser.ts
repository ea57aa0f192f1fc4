import { browserGpu, cardOfRenderer } from './rendererName.ts';

/** Name of the graphics card where WebGPU tells none: WebGL's, or else the browser's. */
export function nameByWebGl(): string {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl');
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl?.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER) as unknown;
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  const card = typeof renderer === 'string' ? cardOfRenderer(renderer) : '';
  return card === '' ? browserGpu(navigator.userAgent) : card;
}
