import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { vulkanEnvironment } from './src/cli/machine.mjs';

export default defineConfig({
  // Relative, so that `dist/` works under any path.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  // `navigator.gpu` in a module worker sets the bar far above what the bundler would have to lower to.
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    environment: 'node',
    // Software Vulkan compiles shaders for a while on the first run.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A GPU device belongs to one process; forks keep a crash of the native driver inside one test file.
    pool: 'forks',
    maxWorkers: 2,
    env: vulkanEnvironment(),
  },
});
