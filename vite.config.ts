import react from '@vitejs/plugin-react';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

import { CONTENT_SECURITY_POLICY } from './scripts/contentSecurityPolicy.mjs';
import { vulkanEnvironment } from './scripts/machine.mjs';

// *.gpu.test.ts open a GPU device (an import rule holds that); *.slow.test.ts take seconds each. The rest is the fast
// lane.
const IN_NODE = [
  { name: 'fast', include: ['src/**/*.test.{ts,tsx}'], exclude: ['src/**/*.{gpu,slow,wgpu}.test.ts'] },
  { name: 'gpu', include: ['src/**/*.gpu.test.ts'] },
  // They start processes and workers, and gain nothing by what files share.
  { name: 'slow', include: ['src/**/*.slow.test.ts'], isolate: true },
];

/** In Deno, whose WebGPU is wgpu: every kernel and operation; *.wgpu.test.ts hold what is trained. */
const ON_WGPU = [{ name: 'wgpu', include: ['src/{gpu,ops}/**/*.gpu.test.ts', 'src/**/*.wgpu.test.ts'] }];

export default defineConfig({
  // Relative, so that `dist/` works under any path.
  base: './',
  plugins: [
    react(),
    {
      name: 'content-security-policy',
      // The development server puts scripts into the page itself.
      apply: 'build',
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
          injectTo: 'head-prepend',
        },
      ],
    },
    // The page's own files, kept for offline use; a new version waits until the user accepts it.
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      workbox: { globPatterns: ['**/*.{html,js,css,svg,webmanifest}'], maximumFileSizeToCacheInBytes: 16 * 2 ** 20 },
    }),
  ],
  worker: { format: 'es' },
  // Browsers with `navigator.gpu` in a module worker need no lowering.
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2500,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  test: {
    projects: ('Deno' in globalThis ? ON_WGPU : IN_NODE).map((test) => ({ extends: true, test })),
    environment: 'node',
    // Software Vulkan compiles shaders for a while on the first run.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A GPU device belongs to one process; forks keep a crash of the native driver inside one of them.
    pool: 'forks',
    // Files share their modules, and with them the device (a test that loses a device opens one of its own): isolated,
    // each would load tfjs and React again.
    isolate: false,
    maxWorkers: 2,
    env: vulkanEnvironment(),
  },
});
